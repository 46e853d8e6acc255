"""What clip-client itself refuses; the server must see nothing of it, or only a stream that is given up."""
from harness import check, local_refusal, quiet, raises, scenario


@scenario('a bare string is refused, nothing to encode gives nothing')
def nothing_to_send(connection):
    from docarray import DocumentArray

    for call in (connection.client.encode, connection.client.index, connection.client.search):
        with raises(TypeError):
            call('a text')
    check(connection.client.encode([]) == [], 'encode([])')
    empty = connection.client.encode(DocumentArray())
    check(isinstance(empty, DocumentArray) and len(empty) == 0, f'encode(DocumentArray()) gave {empty!r}')


@scenario('a set is refused')
def a_set(connection):
    with raises(TypeError):
        connection.client.encode({'a', 'b'})
    connection.still_serves()


@scenario('an empty text has no vector')
def empty_text(connection):
    import numpy as np

    with raises(ValueError) as caught:
        connection.client.encode([''])
    check('Empty embedding' in str(caught[0]), str(caught[0]))
    mixed = connection.client.encode(['', 'a'])
    check(isinstance(mixed, list) and mixed[0] is None, f'encode(["", "a"]) gave {mixed!r:.200}')
    check(isinstance(mixed[1], np.ndarray) and mixed[1].shape == (connection.dimension,), f'{mixed[1]!r:.200}')


@scenario('a wrong type ends the call, not the server')
def wrong_type(connection):
    with raises(local_refusal(connection, TypeError)):
        connection.client.encode(['a', 'b', 3])
    connection.still_serves()


@scenario('a document without content is refused before it is sent')
def document_without_content(connection):
    from docarray import Document

    for document in (Document(), Document(text='')):
        with raises(local_refusal(connection, TypeError)):
            connection.client.encode([document])


@scenario('a missing file ends the call, not the server')
def missing_file(connection):
    from docarray import Document

    with raises(local_refusal(connection, FileNotFoundError)):
        connection.client.encode([Document(text='first'), Document(uri='/no/such/picture.png')])
    connection.still_serves()


@scenario('a generator that breaks ends the call, not the server')
def broken_generator(connection):
    with quiet(), raises(local_refusal(connection, RuntimeError)):
        connection.client.encode(breaks_after(5))
    connection.still_serves()


# Over WebSocket jina forgets to end its own stream when the input breaks while an answer arrives: its call never returns,
# whatever the server does.
@scenario('a stream that breaks after several answers costs the server nothing', protocols=('grpc', 'http'))
def broken_stream(connection):
    import asyncio

    # jina loses the error when an answer arrives in the same moment; then the call ends as if the input had.
    with quiet():
        try:
            connection.client.encode(breaks_after(40), batch_size=4)
        except (asyncio.CancelledError, RuntimeError, ValueError):
            pass
    connection.still_serves()


def breaks_after(count: int):
    for i in range(count):
        yield f'text {i}'
    raise RuntimeError('out of texts')


@scenario('schemes that clip-client does not know are refused')
def unknown_schemes(connection):
    from clip_client import Client

    for scheme in ('websockets', 'ftp'):
        with raises(ValueError):
            Client(f'{scheme}://127.0.0.1:1')
