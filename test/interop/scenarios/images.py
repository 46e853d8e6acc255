"""Encoding images: the ways they are given, formats, sizes, and mixtures with texts."""
import base64
import io

import numpy as np
from harness import check, check_different, check_embedded, check_same, check_vectors, scenario

CAT = 'photo-cat.jpg'
SHAPE = 'colour-shape.png'


def data_uri(content: bytes, mime: str) -> str:
    return f'data:{mime};base64,{base64.b64encode(content).decode()}'


def small_picture(connection):
    """64x64 pixels of a fixture, as an array and as the PNG of the same pixels: arrays travel as numbers over HTTP."""
    from PIL import Image

    with Image.open(connection.picture(SHAPE)) as image:
        small = image.convert('RGB').resize((64, 64))
    return np.asarray(small), encoded(small, 'PNG')


def encoded(picture, name: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, name, **options)
    return file.getvalue()


def noise(name: str, seed: int, **options) -> bytes:
    """A picture of noise, which does not compress: about 3 bytes a pixel, more than 5 MiB."""
    from PIL import Image

    pixels = np.random.default_rng(seed).integers(0, 256, (1340, 1340, 3), dtype=np.uint8)
    return encoded(Image.fromarray(pixels), name, **options)


@scenario('a path among the strings is an image')
def path_string(connection):
    vectors = connection.client.encode([connection.picture(CAT), connection.picture(SHAPE)])
    check_vectors(vectors, 2, connection)
    check_same(vectors[0], connection.vector(connection.picture(CAT)), CAT)
    check_different(vectors[0], vectors[1], 'two pictures')
    check_different(vectors[0], connection.vector(CAT[:-4]), 'a picture and its name as a text')


@scenario('path, data URI, uri document and blob document give one vector')
def four_ways(connection):
    from docarray import Document

    expected = connection.vector(connection.picture(SHAPE))
    content = connection.bytes_of(SHAPE)
    as_string = connection.client.encode([data_uri(content, 'image/png')])
    check_same(as_string[0], expected, 'data URI string')
    documents = [
        Document(uri=connection.picture(SHAPE)),
        Document(uri=data_uri(content, 'image/png')),
        Document(blob=content),
    ]
    result = connection.client.encode(documents)
    check_embedded(result, 3, connection)
    for document, way in zip(result, ('uri', 'data URI', 'blob')):
        check_same(document.embedding, expected, way)


@scenario('a tensor gives what the PNG of its pixels gives')
def tensor(connection):
    from docarray import Document

    pixels, png = small_picture(connection)
    result = connection.client.encode([Document(tensor=pixels), Document(blob=png)])
    check_embedded(result, 2, connection)
    check_same(result[0].embedding, result[1].embedding, 'the tensor')


@scenario("the caller's own blob, tensor and uri stay as they were")
def own_content_stays(connection):
    from docarray import Document

    content, (pixels, _) = connection.bytes_of(CAT), small_picture(connection)
    blob, tensor = Document(blob=content), Document(tensor=pixels)
    uri = Document(uri=connection.picture(CAT))
    connection.client.encode([blob, tensor, uri])
    check(blob.blob == content, 'the blob changed')
    check(tensor.tensor.shape == pixels.shape and (tensor.tensor == pixels).all(), 'the tensor changed')
    check(uri.uri == connection.picture(CAT), 'the uri changed')


@scenario('texts and images mixed in one list keep their places')
def mixed_strings(connection):
    content = ['a photo of a cat', connection.picture(CAT), 'a red square', connection.picture(SHAPE)] * 6
    vectors = connection.client.encode(content, batch_size=5)
    check_vectors(vectors, 24, connection)
    for position, thing in enumerate(content):
        check_same(vectors[position], connection.vector(thing), f'place {position}')


@scenario('text, blob, uri and tensor documents mixed in one request keep their places')
def mixed_documents(connection):
    from docarray import Document

    pixels, png = small_picture(connection)
    documents = [
        Document(text='a photo of a cat'),
        Document(blob=connection.bytes_of(CAT)),
        Document(uri=connection.picture(SHAPE)),
        Document(text='a red square'),
        Document(tensor=pixels),
        Document(blob=png),
    ]
    result = connection.client.encode(documents)
    check_embedded(result, 6, connection)
    expected = ['a photo of a cat', connection.picture(CAT), connection.picture(SHAPE), 'a red square']
    for position, thing in enumerate(expected):
        check_same(result[position].embedding, connection.vector(thing), f'place {position}')
    check_same(result[4].embedding, result[5].embedding, 'the tensor')
    check(all(got is sent for got, sent in zip(result, documents)), 'other objects, or another order')


@scenario('PNG, BMP, GIF, WebP, TIFF and JPEG of one picture give one vector')
def formats(connection):
    from docarray import Document
    from PIL import Image

    with Image.open(connection.picture(SHAPE)) as opened:
        picture = opened.convert('RGB')
    expected = connection.vector(connection.picture(SHAPE))
    options = {
        'PNG': {}, 'BMP': {}, 'TIFF': {}, 'GIF': {},
        'WEBP': {'lossless': True}, 'JPEG': {'quality': 100, 'subsampling': 0},
    }
    documents = []
    for name, option in options.items():
        documents.append(Document(id=name, blob=encoded(picture, name, **option)))
    for document in connection.client.encode(documents):
        lossy = document.id in ('GIF', 'JPEG')
        check_same(document.embedding, expected, document.id, 0.2 if lossy else 2e-3)


@scenario('images of 5 MiB arrive whole, two in one request')
def big_images(connection):
    from docarray import Document

    contents = [noise('PNG', 1, compress_level=1), noise('BMP', 2)]
    check(all(len(content) > 5 * 1024 * 1024 for content in contents), f'only {len(contents[0])} bytes')
    result = connection.client.encode([Document(blob=content) for content in contents], batch_size=2)
    check_embedded(result, 2, connection)
    alone = connection.client.encode([Document(blob=contents[1])])
    check_same(result[1].embedding, alone[0].embedding, 'the second')


@scenario('image content is left out of the answer unless the caller keeps it')
def drop_image_content(connection):
    from docarray import Document

    def answered(parameters):
        answers = []
        documents = [Document(id='u', uri=connection.picture(CAT)), Document(id='t', text='a text')]
        connection.client.encode(documents, on_done=answers.append, parameters=parameters)
        check(len(answers) == 1, f'{len(answers)} answers')
        return answers[0].data.docs

    dropped = answered({})
    check(not dropped['u'].blob, 'the blob came back')
    check(dropped['u'].uri == connection.picture(CAT), f'uri {dropped["u"].uri!r}')
    check(dropped['u'].mime_type == 'image/jpeg', f'mime type {dropped["u"].mime_type!r}')
    check(dropped['t'].text == 'a text', 'the text was dropped')
    check(dropped['t'].mime_type == 'text/plain', f'mime type of a text {dropped["t"].mime_type!r}')
    kept = answered({'drop_image_content': False})
    check(kept['u'].blob == connection.bytes_of(CAT), 'the blob did not come back')
    for documents in (dropped, kept):
        check_same(documents['u'].embedding, connection.vector(connection.picture(CAT)), CAT)


@scenario('tags, weight, modality and chunks come back as they were sent')
def echoed_fields(connection):
    from docarray import Document

    tags = {'a': 1, 'b': 'zwei', 'c': [1, 'two', None, True, {'deep': 1.5}], 'd': {'e': False}}
    sent = Document(id='x1', text='hi', weight=0.5, modality='text', tags=tags, chunks=[Document(id='c1', text='part')])
    answers = []
    connection.client.encode([sent], on_done=answers.append)
    got = answers[0].data.docs['x1']
    check(got.tags == tags, f'tags {got.tags}')
    check(got.weight == 0.5, f'weight {got.weight}')
    check(got.modality == 'text', f'modality {got.modality}')
    check([(c.id, c.text, c.granularity, c.parent_id) for c in got.chunks] == [('c1', 'part', 1, 'x1')], f'chunks {got.chunks}')
    check(got.chunks[0].embedding is None, 'a chunk was encoded without being asked for')
    check_same(got.embedding, connection.vector('hi'), 'hi')
