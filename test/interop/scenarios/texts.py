"""Encoding texts: kinds of input, order, batches."""
import numpy as np
from harness import check, check_different, check_embedded, check_same, check_vectors, quiet, scenario

SENTENCES = ['a photo of a cat', 'two red squares on a table', 'a cup of coffee', 'the sea at night', 'hello world']


def numbered(count: int):
    """Sentences that differ in words and not only in a digit, so that their vectors differ."""
    colours = ['red', 'green', 'blue', 'yellow', 'black', 'white', 'purple']
    things = ['cat', 'car', 'house', 'tree', 'boat', 'cup', 'dog', 'clock', 'rocket', 'chair', 'bird']
    return [f'{i} {colours[i % 7]} {things[i % 11]}s in room {i // 7}' for i in range(count)]


@scenario('a list of texts gives an array with a row for each text, in order')
def list_of_texts(connection):
    vectors = connection.client.encode(SENTENCES)
    check_vectors(vectors, len(SENTENCES), connection)
    for position, sentence in enumerate(SENTENCES):
        check_same(vectors[position], connection.vector(sentence), sentence)
    check_different(vectors[0], vectors[1], 'two sentences')


@scenario('a tuple and a numpy array of texts give what the list gives')
def tuple_and_array(connection):
    expected = connection.client.encode(SENTENCES)
    for content in (tuple(SENTENCES), np.array(SENTENCES)):
        vectors = connection.client.encode(content)
        check_vectors(vectors, len(SENTENCES), connection)
        check_same(vectors, expected, type(content).__name__)


@scenario('a list of documents gives back the same objects with embeddings')
def list_of_documents(connection):
    from docarray import Document

    documents = [Document(id=f'mine-{i}', text=text, tags={'position': i}) for i, text in enumerate(SENTENCES)]
    result = connection.client.encode(documents)
    check_embedded(result, len(SENTENCES), connection)
    for position, document in enumerate(documents):
        check(result[position] is document, f'document {position} is another object')
        check(document.id == f'mine-{position}', f'its id became {document.id}')
        check(document.text == SENTENCES[position], f'its text became {document.text!r}')
        check(document.tags == {'position': position}, f'its tags became {document.tags}')
        check_same(document.embedding, connection.vector(document.text), document.text)


@scenario('a DocumentArray gives a DocumentArray with embeddings')
def document_array(connection):
    from docarray import Document, DocumentArray

    result = connection.client.encode(DocumentArray([Document(text=text) for text in SENTENCES]))
    check_embedded(result, len(SENTENCES), connection)
    check(result.texts == SENTENCES, f'texts {result.texts}')
    check_same(result.embeddings, connection.client.encode(SENTENCES), 'all')


@scenario('a generator of 500 texts keeps its order')
def generator_of_texts(connection):
    sentences = numbered(500)
    with quiet():
        result = connection.client.encode(sentence for sentence in sentences)
    check_embedded(result, 500, connection)
    check(result.texts == sentences, 'the texts are in another order')
    sample = list(range(0, 500, 41))
    alone = connection.client.encode([sentences[i] for i in sample], batch_size=1)
    for row, position in zip(alone, sample):
        check_same(result[position].embedding, row, sentences[position])


@scenario('a generator of documents gives the same objects in order')
def generator_of_documents(connection):
    from docarray import Document

    documents = [Document(text=sentence) for sentence in numbered(50)]
    with quiet():
        result = connection.client.encode((document for document in documents), batch_size=7)
    check_embedded(result, 50, connection)
    check(all(got is sent for got, sent in zip(result, documents)), 'other objects, or another order')
    check_same(result.embeddings, connection.client.encode([d.text for d in documents]), 'all')


@scenario('batch_size 1 gives what one batch gives')
def batches_of_one(connection):
    sentences = numbered(20)
    one_by_one = connection.client.encode(sentences, batch_size=1)
    check_vectors(one_by_one, 20, connection)
    check_same(one_by_one, connection.client.encode(sentences, batch_size=20), 'all')


@scenario('batch_size 300 sends 300 texts in one request')
def batch_of_300(connection):
    sentences = numbered(300)
    vectors = connection.client.encode(sentences, batch_size=300)
    check_vectors(vectors, 300, connection)
    for position in (0, 31, 32, 150, 299):
        check_same(vectors[position], connection.vector(sentences[position]), sentences[position])


@scenario('prefetch 1 gives what the default gives')
def prefetch_one(connection):
    vectors = connection.client.encode(SENTENCES, batch_size=2, prefetch=1)
    check_same(vectors, connection.client.encode(SENTENCES), 'all')


@scenario('the same text several times in one call gives the same row each time')
def duplicates(connection):
    vectors = connection.client.encode(['twice', 'once', 'twice', 'twice'], batch_size=2)
    check_vectors(vectors, 4, connection)
    check_same(vectors[0], vectors[2], 'rows 0 and 2')
    check_same(vectors[0], vectors[3], 'rows 0 and 3')
    check_different(vectors[0], vectors[1], 'rows 0 and 1')


@scenario('texts in any script arrive unchanged')
def unicode_texts(connection):
    from docarray import Document

    texts = ['Käse und Brötchen', '一只猫的照片', '猫の写真', 'صورة قطة', 'фото кота', '👩‍👩‍👧 🐈', 'e\u0301 \u00e9', 'tab\tand\nline', '\u200b \ufeff', '"<&>\\']
    result = connection.client.encode([Document(text=text) for text in texts])
    check_embedded(result, len(texts), connection)
    check(result.texts == texts, f'texts {result.texts}')
    arrived = []
    connection.client.encode([Document(text=text) for text in texts], on_done=lambda r: arrived.extend(r.data.docs.texts), batch_size=100)
    check(arrived == texts, f'the server answered {arrived}')
    for text, document in zip(texts, result):
        check_same(document.embedding, connection.vector(text), text)


@scenario('a text longer than the model reads is cut, not refused')
def long_text(connection):
    words = ('cat dog house tree river ' * 2000).split()
    vectors = connection.client.encode([' '.join(words), ' '.join(words[:200])])
    check_vectors(vectors, 2, connection)
    check_same(vectors[0], vectors[1], '10,000 words and their first 200')
    check_different(vectors[0], connection.vector(' '.join(words[:5])), '200 words and their first five')


@scenario('the progress bar can be shown')
def progress_bar(connection):
    check_vectors(connection.client.encode(SENTENCES, show_progress=True), len(SENTENCES), connection)


@scenario('10,000 texts in one stream keep their order', protocols=('grpc',), slow=True)
def ten_thousand(connection):
    sentences = numbered(10_000)
    with quiet():
        result = connection.client.encode((sentence for sentence in sentences), batch_size=64)
    check_embedded(result, 10_000, connection)
    check(result.texts == sentences, 'the texts are in another order')
    sample = list(range(0, 10_000, 499))
    alone = connection.client.encode([sentences[i] for i in sample], batch_size=1)
    for row, position in zip(alone, sample):
        check_same(result[position].embedding, row, sentences[position])
