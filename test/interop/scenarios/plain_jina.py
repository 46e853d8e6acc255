"""What the jina client below clip-client can send: other endpoints, paths into documents, documents as they are."""
from harness import check, check_public_text, check_same, raises, scenario


def post(connection, on, documents, **kwargs):
    """The answered documents of one request."""
    answers = connection.jina().post(on, inputs=documents, return_responses=True, **kwargs)
    check(len(answers) == 1, f'{len(answers)} answers')
    return answers[0]


@scenario('access_paths @c encodes the chunks and not their document')
def chunks(connection):
    from docarray import Document

    root = Document(id='root', chunks=[Document(id='c1', text='hi'), Document(id='c2', blob=connection.bytes_of('photo-cat.jpg'))])
    parameters = {'access_paths': '@c', 'drop_image_content': True}
    got = post(connection, '/', [root], parameters=parameters).data.docs[0]
    check(got.id == 'root' and got.embedding is None, 'the root was encoded')
    check([chunk.id for chunk in got.chunks] == ['c1', 'c2'], f'chunks {[chunk.id for chunk in got.chunks]}')
    check_same(got.chunks[0].embedding, connection.vector('hi'), 'c1')
    check_same(got.chunks[1].embedding, connection.vector(connection.picture('photo-cat.jpg')), 'c2')
    check(not got.chunks[1].blob, 'the blob of the chunk came back')


@scenario('access_paths @r,m encodes documents and their matches')
def roots_and_matches(connection):
    from docarray import Document

    root = Document(id='root', text='hello', matches=[Document(id='m1', text='hi')])
    got = post(connection, '/encode', [root], parameters={'access_paths': '@r,m'}).data.docs[0]
    check_same(got.embedding, connection.vector('hello'), 'root')
    check_same(got.matches[0].embedding, connection.vector('hi'), 'match')


@scenario('a document with nothing to encode comes back as it was')
def empty_document(connection):
    from docarray import Document

    got = post(connection, '/', [Document(id='empty'), Document(id='full', text='hi')]).data.docs
    check([document.id for document in got] == ['empty', 'full'], f'{[document.id for document in got]}')
    check(got[0].embedding is None, 'something was encoded')
    check_same(got[1].embedding, connection.vector('hi'), 'full')


@scenario('a request without documents is answered')
def no_documents(connection):
    answer = post(connection, '/', None)
    check(len(answer.data.docs) == 0, f'{len(answer.data.docs)} documents')


@scenario('an endpoint that nobody knows encodes')
def unknown_endpoint(connection):
    from docarray import Document

    got = post(connection, '/nosuch', [Document(id='e', text='hi')]).data.docs[0]
    check_same(got.embedding, connection.vector('hi'), 'hi')


@scenario('parameters of any type and a target executor are taken and echoed')
def parameters_and_target(connection):
    from docarray import Document

    parameters = {'x': 1.5, 'list': [1, 'x'], 'nothing': None}
    answer = post(connection, '/encode', [Document(id='e', text='hi')], parameters=parameters, target_executor='clip_o')
    check(dict(answer.parameters)['x'] == 1.5, f'parameters {answer.parameters}')
    check_same(answer.data.docs[0].embedding, connection.vector('hi'), 'hi')


@scenario('an answer tells two routes with their times')
def routes(connection):
    from docarray import Document

    answer = post(connection, '/encode', [Document(text='hi')])
    check(len(answer.routes) == 2, f'{len(answer.routes)} routes')
    gateway, model = answer.routes
    check(gateway.executor == 'gateway', f'first route {gateway.executor}')
    for route in (gateway, model):
        check(route.end_time.ToNanoseconds() >= route.start_time.ToNanoseconds() > 0, f'times of {route.executor}')
    check(gateway.end_time.ToNanoseconds() >= model.end_time.ToNanoseconds(), 'the model ended after the gateway')


@scenario('rank of a document without matches raises BadServer and names it')
def rank_without_matches(connection):
    from docarray import Document
    from jina.excepts import BadServer

    with raises(BadServer) as caught:
        post(connection, '/rank', [Document(id='lonely-query', text='hi')])
    check('lonely-query' in str(caught[0]), f'the text does not name the document: {caught[0]}')
    check_public_text(str(caught[0]))


@scenario('a data URI that arrives without its bytes is read by the server')
def data_uri(connection):
    from docarray import Document
    from images import data_uri as uri_of

    uri = uri_of(connection.bytes_of('colour-shape.png'), 'image/png')
    got = post(connection, '/encode', [Document(id='u', uri=uri)]).data.docs[0]
    check_same(got.embedding, connection.vector(connection.picture('colour-shape.png')), 'data URI')


@scenario("the server reads no file of its own and no private address for a caller")
def no_server_side_files(connection):
    from docarray import Document
    from jina.excepts import BadServer

    for uri in (connection.picture('photo-cat.jpg'), f'file://{connection.picture("photo-cat.jpg")}', 'http://127.0.0.1:9/cat.png', 'http://169.254.169.254/cat.png'):
        with raises(BadServer) as caught:
            post(connection, '/encode', [Document(id='asks-for-more', uri=uri)])
        check('asks-for-more' in str(caught[0]), f'the text does not name the document: {caught[0]}')


@scenario('a text wins over a uri')
def text_over_uri(connection):
    from docarray import Document

    got = post(connection, '/encode', [Document(text='hi', uri='/no/such/file.png')]).data.docs[0]
    check_same(got.embedding, connection.vector('hi'), 'hi')


@scenario('results_in_order gives the requests in their order')
def results_in_order(connection):
    from docarray import Document
    from texts import numbered

    sentences = numbered(40)
    got = connection.jina().post('/encode', inputs=[Document(text=s) for s in sentences], request_size=3, results_in_order=True)
    check([document.text for document in got] == sentences, 'another order')


@scenario('results_in_order gives them in their order although the first request takes longest')
def slow_request_first(connection):
    from docarray import Document

    picture = connection.bytes_of('photo-cat.jpg')
    slow = [Document(id=f'slow-{i}', blob=picture) for i in range(8)]
    quick = [Document(id=f'quick-{i}', tags={'nothing': 'to encode'}) for i in range(32)]
    got = connection.jina().post('/encode', inputs=slow + quick, request_size=8, results_in_order=True)
    check([document.id for document in got] == [document.id for document in slow + quick], f'the order became {[document.id for document in got]}')


@scenario('single calls without a stream are served', protocols=('grpc',))
def unary(connection):
    from docarray import Document

    answers = connection.jina().post('/encode', inputs=[Document(text='hi')], return_responses=True, stream=False)
    check_same(answers[0].data.docs[0].embedding, connection.vector('hi'), 'hi')


@scenario('gzip requests are served', protocols=('grpc',))
def gzip(connection):
    from docarray import Document

    client = connection.jina(compression='Gzip')
    answers = client.post('/encode', inputs=[Document(text='hi')], return_responses=True)
    check_same(answers[0].data.docs[0].embedding, connection.vector('hi'), 'hi')
