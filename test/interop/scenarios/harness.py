"""What every scenario shares: the list of scenarios, the connection they run against, and checks with readable failures."""
import contextlib
import functools
import os
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, List, Optional
from urllib.parse import urlparse

import numpy as np

PROTOCOLS = ('grpc', 'http', 'websocket')


@dataclass
class Scenario:
    name: str
    run: Callable
    protocols: tuple
    slow: bool


SCENARIOS: List[Scenario] = []


def scenario(name: str, protocols: tuple = PROTOCOLS, slow: bool = False):
    """Registers a function as a scenario. Slow ones run only when asked for."""

    def register(run: Callable):
        SCENARIOS.append(Scenario(name, run, protocols, slow))
        return run

    return register


@dataclass
class Connection:
    """One server address, the model behind it, and the pictures to send."""

    url: str
    fixtures: Path
    model: str
    logit_scale: float
    dimension: int = 512
    _vectors: Dict[str, np.ndarray] = field(default_factory=dict)
    _client: Optional[object] = None

    @property
    def protocol(self) -> str:
        scheme = urlparse(self.url).scheme
        return {'grpc': 'grpc', 'grpcs': 'grpc', 'http': 'http', 'https': 'http', 'ws': 'websocket', 'wss': 'websocket'}[scheme]

    @property
    def tls(self) -> bool:
        return urlparse(self.url).scheme in ('grpcs', 'https', 'wss')

    @property
    def client(self):
        """The clip-client under test, made once as an application would."""
        if self._client is None:
            self._client = self.new_client()
        return self._client

    def new_client(self, **kwargs):
        from clip_client import Client

        return Client(self.url, **kwargs)

    def jina(self, **kwargs):
        """The plain jina client below clip-client, to send what clip-client would refuse to send."""
        from jina import Client

        address = urlparse(self.url)
        client = Client(host=address.hostname, port=address.port, protocol=self.protocol, tls=self.tls, **kwargs)
        client.post = functools.partial(client.post, **self.credential)
        return client

    @property
    def token(self) -> Optional[str]:
        """What clip-client itself reads where a caller gives it no credential."""
        return os.environ.get('CLIP_AUTH_TOKEN')

    @property
    def credential(self) -> dict:
        """The token as clip-client hands it to jina's post; it has no place for it on WebSocket."""
        if self.token is None or self.protocol == 'websocket':
            return {}
        if self.protocol == 'grpc':
            return {'metadata': (('authorization', self.token),)}
        return {'headers': {'Authorization': self.token}}

    def picture(self, name: str) -> str:
        return str(self.fixtures / name)

    def bytes_of(self, name: str) -> bytes:
        return (self.fixtures / name).read_bytes()

    def vector(self, text_or_path: str) -> np.ndarray:
        """The vector of one text or picture encoded alone; asked for once."""
        if text_or_path not in self._vectors:
            self._vectors[text_or_path] = np.asarray(self.client.encode([text_or_path])[0])
        return self._vectors[text_or_path]

    def still_serves(self) -> None:
        vectors = self.client.encode(['still there'])
        check(vectors.shape == (1, self.dimension), f'the next call got {vectors.shape}')


def check(truth, message: str) -> None:
    if not truth:
        raise AssertionError(message)


def check_same(got, expected, what: str, tolerance: float = 2e-3) -> None:
    """Vectors of the same thing: batch mates and padding change only the last bits of a float32 run."""
    got, expected = np.asarray(got, dtype='float64'), np.asarray(expected, dtype='float64')
    check(got.shape == expected.shape, f'{what}: shape {got.shape}, expected {expected.shape}')
    distance = np.linalg.norm(got - expected) / max(np.linalg.norm(expected), 1e-12)
    check(distance <= tolerance, f'{what}: relative distance {distance:.2e}, at most {tolerance:.0e} expected')


def check_different(one, other, what: str) -> None:
    one, other = np.asarray(one, dtype='float64'), np.asarray(other, dtype='float64')
    distance = np.linalg.norm(one - other) / max(np.linalg.norm(other), 1e-12)
    check(distance > 2e-2, f'{what}: relative distance only {distance:.2e}')


def check_vectors(vectors, count: int, connection: Connection) -> None:
    """What `encode` of strings answers: an ndarray, a row for each string."""
    check(isinstance(vectors, np.ndarray), f'expected an ndarray, got {type(vectors)}')
    check(vectors.shape == (count, connection.dimension), f'shape {vectors.shape}')
    # jina before 3.27 reads number lists over HTTP as float64; packed answers stay float32 there too.
    allowed = ('float32', 'float64') if connection.protocol == 'http' else ('float32',)
    check(str(vectors.dtype) in allowed, f'dtype {vectors.dtype}')
    check(np.isfinite(vectors).all(), 'not all numbers are finite')
    check((np.linalg.norm(vectors, axis=1) > 0).all(), 'a row is all zero')


def check_embedded(documents, count: int, connection: Connection) -> None:
    """What `encode` of documents answers: a DocumentArray whose documents all have an embedding."""
    from docarray import DocumentArray

    check(isinstance(documents, DocumentArray), f'expected a DocumentArray, got {type(documents)}')
    check(len(documents) == count, f'{len(documents)} documents, expected {count}')
    for position, document in enumerate(documents):
        check(document.embedding is not None, f'document {position} has no embedding')
        check(document.embedding.shape == (connection.dimension,), f'document {position}: {document.embedding.shape}')


@contextlib.contextmanager
def raises(*kinds):
    """Catches one of `kinds`, which may be a BaseException such as CancelledError; yields a list that gets it."""
    caught: list = []
    try:
        yield caught
    except kinds as thrown:
        caught.append(thrown)
        return
    except BaseException as thrown:
        names = ', '.join(kind.__name__ for kind in kinds)
        raise AssertionError(f'expected {names}, got {type(thrown).__name__}: {str(thrown)[:600]}') from thrown
    raise AssertionError(f'nothing was raised, expected {", ".join(kind.__name__ for kind in kinds)}')


def local_refusal(connection: Connection, kind):
    """clip-client's own errors inside a stream: the gRPC client hides them behind a CancelledError."""
    import asyncio

    return asyncio.CancelledError if connection.protocol == 'grpc' else kind


def refused_call(connection: Connection):
    """What the client makes of a call that is refused as a whole; on WebSocket it has this for one close code alone."""
    from jina.excepts import BadServerFlow

    return {'grpc': BadServerFlow, 'http': ValueError, 'websocket': ConnectionError}[connection.protocol]


def check_refused(work: Callable, connection: Connection) -> None:
    """The call fails for want of a token, in words that say so."""
    with raises(refused_call(connection)) as caught:
        work()
    check('token' in str(caught[0]), f'the text does not speak of a token: {caught[0]!r}')
    check(connection.token not in str(caught[0]), 'the text shows the token')
    check_public_text(str(caught[0]))


@contextlib.contextmanager
def without_token():
    """As a user who has set no CLIP_AUTH_TOKEN."""
    token = os.environ.pop('CLIP_AUTH_TOKEN', None)
    try:
        yield
    finally:
        if token is not None:
            os.environ['CLIP_AUTH_TOKEN'] = token


def check_public_text(text: str) -> None:
    """An error's text may not show the server's insides."""
    for secret in ('Traceback', 'node_modules', '/dist/', '.js:', '    at '):
        check(secret not in text, f'the text of the error shows {secret!r}: {text[:600]}')


@contextlib.contextmanager
def quiet():
    """clip-client warns on every generator and every list above 500."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        yield


def describe(thrown: BaseException) -> str:
    lines = traceback.format_exception(type(thrown), thrown, thrown.__traceback__)
    return f'{type(thrown).__name__}: {str(thrown)[:1500]}\n{"".join(lines)[-2500:]}'
