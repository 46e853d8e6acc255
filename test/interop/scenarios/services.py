"""Models by name, profile, readiness, index and search."""
from harness import check, check_embedded, check_same, check_vectors, scenario
from texts import SENTENCES

PROFILE_KEYS = ['Roundtrip', 'Client-server network', 'Server', 'Gateway-CLIP network', 'CLIP model']


@scenario('encode by the name of the served model gives what the default gives')
def encode_with_model_name(connection):
    vectors = connection.client.encode(SENTENCES, parameters={'model_name': connection.model})
    check_vectors(vectors, len(SENTENCES), connection)
    check_same(vectors, connection.client.encode(SENTENCES), 'all')


@scenario('profile reports the five times, with and without a text')
def profile(connection):
    # profile() sends no credential: where one is needed, only the request without content is answered.
    contents = ('',) if connection.credential else ('', 'a photo of a cat')
    for content in contents:
        times = connection.client.profile(content) if content else connection.client.profile()
        check(list(times) == PROFILE_KEYS, f'keys {list(times)}')
        check(times['Server'] >= 1, f'the server reports {times["Server"]} ms')
        check(0 <= times['CLIP model'] <= times['Server'], f'model {times["CLIP model"]} of server {times["Server"]} ms')
        check(times['Roundtrip'] > 0, f'roundtrip {times["Roundtrip"]} ms')


@scenario('is_flow_ready is true')
def is_flow_ready(connection):
    check(connection.jina().is_flow_ready() is True, 'not ready')


@scenario('index gives the documents with embeddings')
def index(connection):
    from docarray import Document

    documents = [Document(id='i1', text='hello'), Document(id='i2', uri=connection.picture('photo-cat.jpg'))]
    result = connection.client.index(documents)
    check_embedded(result, 2, connection)
    check(result[0] is documents[0], 'another object came back')
    check_same(result[0].embedding, connection.vector('hello'), 'hello')


@scenario('search answers, without matches as long as nothing is indexed')
def search(connection):
    from docarray import Document, DocumentArray

    result = connection.client.search([Document(id='s1', text='hello')], limit=3)
    check(isinstance(result, DocumentArray) and [d.id for d in result] == ['s1'], f'search gave {result!r}')
    check(len(result[0].matches) == 0, f'{len(result[0].matches)} matches')
    check([d.text for d in connection.client.search(['a', 'b'])] == ['a', 'b'], 'search of strings')
