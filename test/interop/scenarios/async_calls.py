"""Coroutines: aencode and its sisters, many at once."""
import asyncio

from harness import check, check_embedded, check_same, check_vectors, scenario
from texts import SENTENCES, numbered


@scenario('ten aencode calls at once each get their own vectors')
def ten_at_once(connection):
    parts = [numbered(120)[i * 12 : (i + 1) * 12] for i in range(10)]

    async def all_of_them():
        return await asyncio.gather(*(connection.client.aencode(part, batch_size=4) for part in parts))

    for part, vectors in zip(parts, asyncio.run(all_of_them())):
        check_vectors(vectors, len(part), connection)
        check_same(vectors, connection.client.encode(part), part[0])


@scenario('ten clients at once are served')
def ten_clients(connection):
    async def one(number: int):
        client = connection.new_client()
        return await client.aencode([f'client {number}', connection.picture('photo-cat.jpg')])

    async def all_of_them():
        return await asyncio.gather(*(one(number) for number in range(10)))

    for number, vectors in enumerate(asyncio.run(all_of_them())):
        check_vectors(vectors, 2, connection)
        check_same(vectors[0], connection.vector(f'client {number}'), f'client {number}')
        check_same(vectors[1], connection.vector(connection.picture('photo-cat.jpg')), f'picture of client {number}')


@scenario('aencode of documents gives back the same objects')
def documents(connection):
    from docarray import Document

    sent = [Document(text=sentence) for sentence in SENTENCES]
    result = asyncio.run(connection.client.aencode(sent))
    check_embedded(result, len(sent), connection)
    check(all(got is document for got, document in zip(result, sent)), 'other objects, or another order')


@scenario('aencode with a model name gives what encode gives')
def with_model_name(connection):
    vectors = asyncio.run(connection.client.aencode(SENTENCES, parameters={'model_name': connection.model}))
    check_vectors(vectors, len(SENTENCES), connection)
    check_same(vectors, connection.client.encode(SENTENCES), 'all')


@scenario('aindex and asearch answer')
def aindex_asearch(connection):
    from docarray import Document

    async def both():
        indexed = await connection.client.aindex([Document(text='hello')])
        searched = await connection.client.asearch([Document(text='hello')], limit=3)
        return indexed, searched

    indexed, searched = asyncio.run(both())
    check_embedded(indexed, 1, connection)
    check(len(searched) == 1 and len(searched[0].matches) == 0, f'search gave {searched}')
