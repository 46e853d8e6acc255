"""on_done, on_error and on_always."""
from harness import check, check_same, raises, scenario
from texts import SENTENCES


def with_a_bad_image():
    """Eight documents; the third of four requests of two holds a file that is no image."""
    from docarray import Document

    documents = [Document(id=f'd{i}', text=f'text {i}') for i in range(8)]
    documents[5] = Document(id='d5-broken', blob=b'this is no image')
    return documents


@scenario('on_done is called once a request, and the call returns nothing')
def on_done(connection):
    answers = []
    returned = connection.client.encode(SENTENCES, batch_size=2, on_done=answers.append)
    check(returned is None, f'returned {type(returned)}')
    check(sorted(len(answer.data.docs) for answer in answers) == [1, 2, 2], f'{[len(a.data.docs) for a in answers]}')
    vectors = {document.text: document.embedding for answer in answers for document in answer.data.docs}
    check(set(vectors) == set(SENTENCES), f'texts {set(vectors)}')
    for text, vector in vectors.items():
        check_same(vector, connection.vector(text), text)


@scenario('on_always is called for good and for failed requests')
def on_always(connection):
    done, failed, always = [], [], []
    returned = connection.client.encode(
        with_a_bad_image(), batch_size=2, on_done=done.append, on_error=failed.append, on_always=always.append
    )
    check(returned is None, f'returned {type(returned)}')
    check((len(done), len(failed), len(always)) == (3, 1, 4), f'{len(done)} done, {len(failed)} failed, {len(always)} always')


@scenario('with on_error a bad image costs its request only')
def on_error(connection):
    failed = []
    documents = with_a_bad_image()
    # docarray 0.21 cannot stack embeddings of which some are missing: encode ends with its ValueError, after all requests.
    with raises(ValueError) as caught:
        connection.client.encode(documents, batch_size=2, on_error=failed.append)
    check('embedding is None' in str(caught[0]), f'{caught[0]}')
    check_others_succeeded(connection, documents, failed)


@scenario('index with on_error returns what succeeded')
def index_on_error(connection):
    failed = []
    result = connection.client.index(with_a_bad_image(), batch_size=2, on_error=failed.append)
    check_others_succeeded(connection, result, failed)


def check_others_succeeded(connection, documents, failed) -> None:
    check(len(failed) == 1, f'{len(failed)} requests failed')
    check('d5-broken' in failed[0].status.description, f'description {failed[0].status.description!r}')
    echoed = sorted(document.id for document in failed[0].data.docs)
    check(echoed == ['d4', 'd5-broken'], f'the failed request echoed {echoed}')
    embedded = [document.id for document in documents if document.embedding is not None]
    check(embedded == ['d0', 'd1', 'd2', 'd3', 'd6', 'd7'], f'embedded: {embedded}')
    check_same(documents[6].embedding, connection.vector('text 6'), 'text 6')


@scenario('rank calls on_done with ranked matches')
def rank_on_done(connection):
    from docarray import Document

    answers = []
    query = Document(text='a cat', matches=[Document(text='a rocket'), Document(text='a kitten cat')])
    returned = connection.client.rank([query], on_done=answers.append)
    check(returned is None, f'returned {type(returned)}')
    ranked = answers[0].data.docs[0]
    check(ranked.matches[0].text == 'a kitten cat', f'first is {ranked.matches[0].text}')
    check(ranked.embedding is not None, 'the answer holds no embedding of the query')
