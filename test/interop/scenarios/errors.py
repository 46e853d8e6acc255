"""What goes wrong on the server's side and what the caller hears."""
import socket
from urllib.parse import urlparse

from harness import (
    check,
    check_public_text,
    check_refused,
    check_vectors,
    quiet,
    raises,
    refused_call,
    scenario,
    without_token,
)


def bad_server():
    from jina.excepts import BadServer

    return BadServer


@scenario('a file that is no image raises BadServer and names the document')
def bad_image(connection):
    from docarray import Document

    with raises(bad_server()) as caught:
        connection.client.encode([Document(id='broken-one', blob=b'nope')])
    check('broken-one' in str(caught[0]), f'the text does not name the document: {caught[0]}')
    check_public_text(str(caught[0]))
    connection.still_serves()


@scenario('a picture cut in the middle raises BadServer and names the document')
def cut_image(connection):
    from docarray import Document

    whole = connection.bytes_of('colour-shape.png')
    with raises(bad_server()) as caught:
        connection.client.encode([Document(text='fine'), Document(id='cut-one', blob=whole[: len(whole) // 3])])
    check('cut-one' in str(caught[0]), f'the text does not name the document: {caught[0]}')
    check('fine' not in getattr(caught[0].args[0].status, 'description', ''), 'the good document is blamed')


@scenario('SVG is refused by name of its document')
def svg(connection):
    from docarray import Document

    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    with raises(bad_server()) as caught:
        connection.client.encode([Document(id='a-drawing', blob=drawing)])
    check('a-drawing' in str(caught[0]), f'the text does not name the document: {caught[0]}')


@scenario('a bad image in the middle of a stream ends the call, not the server')
def bad_image_in_stream(connection):
    from docarray import Document

    def documents():
        for i in range(60):
            yield Document(id=f'n{i}', blob=b'nope') if i == 9 else Document(id=f'n{i}', text=f'text {i}')

    with raises(bad_server()) as caught:
        connection.client.encode(documents(), batch_size=2)
    check('n9' in str(caught[0]), f'the text does not name the document: {caught[0]}')
    connection.still_serves()


@scenario('an unknown model raises BadServer and is named')
def unknown_model(connection):
    from docarray import Document

    name = 'ViT-Z-99::nobody'
    calls = [
        lambda: connection.client.encode(['a text'], parameters={'model_name': name}),
        lambda: connection.client.rank([Document(text='q', matches=[Document(text='m')])], parameters={'model_name': name}),
    ]
    for call in calls:
        with raises(bad_server()) as caught:
            call()
        check(name in str(caught[0]), f'the text does not name the model: {caught[0]}')
        check_public_text(str(caught[0]))
    connection.still_serves()


@scenario('a match that is no image raises BadServer and is named')
def bad_match(connection):
    from docarray import Document

    query = Document(text='a cat', matches=[Document(text='a dog'), Document(id='broken-match', blob=b'nope')])
    with raises(bad_server()) as caught:
        connection.client.rank([query])
    check('broken-match' in str(caught[0]), f'the text does not name the match: {caught[0]}')


@scenario('no server raises ConnectionError')
def server_down(connection):
    from clip_client import Client

    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        port = listener.getsockname()[1]
    with raises(ConnectionError):
        Client(f'{urlparse(connection.url).scheme}://127.0.0.1:{port}').encode(['a text'])


@scenario('a credential that nobody asked for is ignored, and one that is asked for must be right')
def wrong_credential(connection):
    wrong = connection.new_client(credential={'Authorization': 'cas_pat_unknown'})
    if connection.token is None or connection.protocol == 'websocket':
        check_vectors(wrong.encode(['a text']), 1, connection)
        return
    check_refused(lambda: wrong.encode(['a text']), connection)


@scenario('without a credential nothing is computed, and what computes nothing is answered', protocols=('grpc', 'http'))
def no_credential(connection):
    if connection.token is None:
        return
    with without_token():
        client = connection.new_client()
    check_refused(lambda: client.encode(['a text']), connection)
    check_refused(lambda: client.encode([connection.picture('photo-cat.jpg')] * 20), connection)
    check(set(client.profile()) == set(connection.client.profile()), 'profile() differs without a credential')
    check(connection.jina().is_flow_ready() is True, 'not ready')
    connection.still_serves()


# grpcio from 1.58 on tells a failure of its own where the refusal arrives while it sends.
@scenario('forty refusals all say why, however much is being sent when they come', protocols=('grpc',))
def many_refusals(connection):
    if connection.token is None:
        return
    wrong = connection.new_client(credential={'Authorization': 'cas_pat_unknown'})
    with without_token():
        missing = connection.new_client()
    for client in (wrong, missing):
        for content in ('a text', 'word ' * 20_000, connection.picture('photo-cat.jpg')):
            for batches in (1, 7) * 3:
                check_refused(lambda: client.encode([content] * batches, batch_size=1), connection)
        check_refused(lambda: client.encode(['a text'] * 20, batch_size=1), connection)
        check_refused(lambda: client.encode([connection.picture('photo-cat.jpg')] * 20), connection)


@scenario('a request above the size limit is refused, and the server goes on', slow=True)
def too_large(connection):
    from docarray import Document

    with raises(refused_call(connection)) as caught:
        connection.client.encode([Document(blob=bytes(70 * 1024 * 1024))])
    check('larger than' in str(caught[0]), f'the text does not say what is wrong: {caught[0]!r}')
    connection.still_serves()


@scenario('a request of too many items is refused, and says how many it may have')
def too_many_items(connection):
    with quiet(), raises(refused_call(connection)) as caught:
        connection.client.encode(['a text'] * 10_001, batch_size=10_001)
    check('10000 are allowed' in str(caught[0]), f'the text does not say what is allowed: {caught[0]!r}')
    connection.still_serves()
