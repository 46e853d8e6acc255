"""Ranking matches against their document."""
import asyncio
import json

import numpy as np
from harness import check, check_same, local_refusal, quiet, raises, scenario

CAPTIONS = ['a photo of a rocket', 'a photo of a cat', 'a photo of a cup of coffee']
PHOTOS = {'rocket': 'photo-rocket.jpg', 'cat': 'photo-cat.jpg', 'coffee': 'photo-coffee.jpg'}


def query_of_photos(connection, text='a photo of a cat'):
    from docarray import Document

    matches = [Document(id=name, uri=connection.picture(file)) for name, file in PHOTOS.items()]
    return Document(id='query', text=text, matches=matches)


def query_of_captions(connection, photo='cat'):
    from docarray import Document

    return Document(uri=connection.picture(PHOTOS[photo]), matches=[Document(text=caption) for caption in CAPTIONS])


def check_ranked(connection, query, query_vector, match_vectors) -> None:
    """Scores worked out here from vectors that the server gave for each part alone."""
    unit = lambda vector: np.asarray(vector, dtype='float64') / np.linalg.norm(vector)
    cosines = {key: float(unit(query_vector) @ unit(vector)) for key, vector in match_vectors.items()}
    weights = {key: np.exp(connection.logit_scale * cosine) for key, cosine in cosines.items()}
    shares = {key: weight / sum(weights.values()) for key, weight in weights.items()}
    check(len(query.matches) == len(match_vectors), f'{len(query.matches)} matches')
    scores = [match.scores['clip_score'].value for match in query.matches]
    check(scores == sorted(scores, reverse=True), f'not sorted: {scores}')
    check(abs(sum(scores) - 1) < 1e-4, f'the scores sum to {sum(scores)}')
    for match in query.matches:
        key = match.text or match.id
        score, cosine = match.scores['clip_score'], match.scores['clip_score_cosine']
        check(abs(cosine.value - cosines[key]) < 2e-3, f'{key}: cosine {cosine.value}, expected {cosines[key]}')
        check(abs(score.value - shares[key]) < 2e-2, f'{key}: score {score.value}, expected {shares[key]}')
        check((score.op_name, cosine.op_name) == ('softmax', 'cosine'), f'{key}: {score.op_name}, {cosine.op_name}')
        check(match.embedding is None, f'{key} has an embedding')


def check_photos_ranked(connection, query) -> None:
    vectors = {name: connection.vector(connection.picture(file)) for name, file in PHOTOS.items()}
    check_ranked(connection, query, connection.vector(query.text), vectors)


@scenario('a text ranks images')
def text_to_images(connection):
    query = query_of_photos(connection)
    result = connection.client.rank([query])
    check(len(result) == 1 and result[0] is query, 'another object came back')
    check([match.id for match in query.matches][0] == 'cat', f'first is {query.matches[0].id}')
    check(query.embedding is None, 'the embedding of the query was copied back')
    check_photos_ranked(connection, query)


@scenario('an image ranks texts')
def image_to_texts(connection):
    query = query_of_captions(connection)
    connection.client.rank([query])
    check(query.matches[0].text == 'a photo of a cat', f'first is {query.matches[0].text}')
    check_ranked(connection, query, connection.vector(connection.picture(PHOTOS['cat'])), {c: connection.vector(c) for c in CAPTIONS})


@scenario('every picture of the fixtures ranks its right sentence first')
def visual_reasoning(connection):
    from docarray import Document

    items = json.loads((connection.fixtures / 'expected.json').read_text())['items']
    queries = [
        Document(id=item['file'], uri=connection.picture(item['file']), matches=[Document(text=text) for text in item['texts']])
        for item in items
    ]
    result = connection.client.rank(queries, batch_size=4)
    wrong = [
        f'{query.id}: {query.matches[0].text}'
        for query, item in zip(result, items)
        if query.matches[0].text != item['texts'][item['expected']]
    ]
    check([query.id for query in result] == [item['file'] for item in items], 'the queries are in another order')
    check(not wrong, f'wrong first answers: {wrong}')


@scenario('rank with a model name ranks')
def rank_with_model_name(connection):
    query = query_of_photos(connection)
    connection.client.rank([query], parameters={'model_name': connection.model})
    check(query.matches[0].id == 'cat', f'first is {query.matches[0].id}')
    check_photos_ranked(connection, query)


@scenario('a generator of queries, one a request, gives each query its own matches')
def rank_generator(connection):
    names = list(PHOTOS) * 4
    queries = [query_of_captions(connection, name) for name in names]
    with quiet():
        result = connection.client.rank((query for query in queries), batch_size=1)
    check(all(got is sent for got, sent in zip(result, queries)), 'other objects, or another order')
    for name, query in zip(names, result):
        check(name in query.matches[0].text, f'{name}: first is {query.matches[0].text}')
        check(len(query.matches) == len(CAPTIONS), f'{len(query.matches)} matches')


@scenario('texts rank texts, equal ones keep their order')
def text_to_texts(connection):
    from docarray import Document

    query = Document(text='a cat', matches=[Document(id=str(i), text=t) for i, t in enumerate(['a rocket', 'a cat', 'a cat', 'tea'])])
    connection.client.rank([query])
    check([match.id for match in query.matches][:2] == ['1', '2'], f'order {[match.id for match in query.matches]}')
    first, second = (match.scores['clip_score_cosine'].value for match in query.matches[:2])
    check(abs(first - 1) < 1e-3 and abs(first - second) < 1e-3, f'cosines of equal texts: {first}, {second}')


@scenario('a single match gets the score 1')
def single_match(connection):
    from docarray import Document

    query = Document(text='a cat', matches=[Document(text='a rocket')])
    connection.client.rank([query])
    check(abs(query.matches[0].scores['clip_score'].value - 1) < 1e-6, f'score {query.matches[0].scores["clip_score"].value}')


@scenario("matches keep the caller's fields")
def matches_keep_fields(connection):
    query = query_of_photos(connection)
    for match in query.matches:
        match.tags['name'] = match.id
    connection.client.rank([query])
    for match in query.matches:
        check(match.tags == {'name': match.id}, f'tags {match.tags}')
        check(match.uri == connection.picture(PHOTOS[match.id]), f'uri {match.uri}')
        check(match.adjacency == 1, f'adjacency {match.adjacency}')


@scenario('rank from a coroutine ranks, with and without a model name')
def arank(connection):
    async def both():
        first, second = query_of_photos(connection), query_of_captions(connection)
        await connection.client.arank([first])
        await connection.client.arank([second], parameters={'model_name': connection.model})
        return first, second

    first, second = asyncio.run(both())
    check_photos_ranked(connection, first)
    check(second.matches[0].text == 'a photo of a cat', f'first is {second.matches[0].text}')


@scenario('rank without queries or without matches never reaches the server')
def rank_refused_locally(connection):
    from docarray import Document, DocumentArray

    result = connection.client.rank([])
    check(isinstance(result, DocumentArray) and len(result) == 0, f'rank([]) gave {result!r}')
    with raises(local_refusal(connection, ValueError)):
        connection.client.rank([Document(text='no matches')])
    with raises(TypeError):
        connection.client.rank('a text')
    connection.still_serves()


@scenario('ranking leaves the vectors that encode gives unchanged')
def rank_and_encode_agree(connection):
    before = connection.client.encode(CAPTIONS)
    connection.client.rank([query_of_captions(connection)])
    check_same(connection.client.encode(CAPTIONS), before, 'the captions')
