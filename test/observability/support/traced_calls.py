"""One picture to the service over each protocol, each within a span of its caller; the spans go to a collector by OTLP.

traced_calls.py HOST:PORT OTLP_ENDPOINT PICTURE: prints the ids of the traces as JSON, by protocol.
"""
import asyncio
import base64
import json
import sys
import urllib.request
from pathlib import Path

import aiohttp
import grpc
from docarray import Document, DocumentArray
from jina.proto import jina_pb2_grpc
from jina.types.request.data import DataRequest
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.grpc import client_interceptor
from opentelemetry.instrumentation.grpc.grpcext import intercept_channel
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

target, endpoint, picture = sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_bytes()

provider = TracerProvider(resource=Resource.create({'service.name': 'shop'}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f'{endpoint}/v1/traces')))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer('shop')


def headers() -> dict:
    carrier: dict = {}
    propagate.inject(carrier)
    return carrier


def body() -> str:
    return json.dumps({'data': [{'blob': base64.b64encode(picture).decode()}], 'execEndpoint': '/encode'})


def over_grpc() -> None:
    """The instrumentation of grpcio makes a span of the call and sends its `traceparent`."""
    request = DataRequest()
    request.header.exec_endpoint = '/encode'
    request.data.docs = DocumentArray([Document(blob=picture)])
    with grpc.insecure_channel(target) as channel:
        traced = intercept_channel(channel, client_interceptor())
        stub = jina_pb2_grpc.JinaSingleDataRequestRPCStub(traced)
        answer = stub.process_single_data(request)
    assert answer.data.docs[0].embedding is not None


def over_http() -> None:
    request = urllib.request.Request(f'http://{target}/post', body().encode(), {'content-type': 'application/json', **headers()})
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)['data'][0]['embedding']


def over_websocket() -> None:
    async def talk() -> None:
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(f'http://{target}/', headers=headers()) as socket:
                await socket.send_str(body())
                assert (await socket.receive_json())['data'][0]['embedding']

    asyncio.run(talk())


traces = {}
for name, call in {'grpc': over_grpc, 'http': over_http, 'websocket': over_websocket}.items():
    with tracer.start_as_current_span(f'look at a picture over {name}') as span:
        call()
        traces[name] = format(span.get_span_context().trace_id, '032x')
provider.shutdown()
print(json.dumps(traces))
