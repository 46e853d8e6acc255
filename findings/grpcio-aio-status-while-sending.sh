#!/usr/bin/env bash
# grpcio, asyncio client: the status of a call that the server refuses while the client still streams is replaced by INTERNAL.
#
# One would guess that a client which streams its requests hears the status that the server ended the call with, whatever it was
# sending at that moment: grpcio 1.57.0 tells it, and so does the newest release when asyncio is not used. In the asyncio client of the
# two later releases the send that fails meanwhile wins: PERMISSION_DENIED is what the server answered, and what `async for` raises is
# `INTERNAL: Internal error from Core`. Messages of 10 bytes and of 1,000,000 bytes gave the same picture. A client cannot tell a wrong
# token from a broken server, and one that retries INTERNAL does so in vain.
#
# Seen (Linux x64, Python 3.11, two cores; 100 calls of 100 messages of 1,000 bytes each, several runs; client and server of one release):
#   grpcio 1.57.0 asyncio: PERMISSION_DENIED 100
#   grpcio 1.68.1 asyncio: INTERNAL 66 to 81, else PERMISSION_DENIED
#   grpcio 1.85.3 asyncio: INTERNAL 97 to 100, else PERMISSION_DENIED
#   all three without asyncio: PERMISSION_DENIED 100
#
# Needs Python 3.10 or 3.11 (wheels of all three): PYTHON=python3.11 findings/grpcio-aio-status-while-sending.sh
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/calls.py" <<'PY'
import asyncio
import collections
import sys

import grpc

CALLS, MESSAGES, BODY = 100, 100, bytes(1_000)


class Refusing(grpc.GenericRpcHandler):
    """Ends every call at once, without reading of it."""

    def service(self, details):
        async def refuse(requests, context):
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, "no")

        return grpc.stream_stream_rpc_method_handler(refuse)


async def asynchronous(target):
    async def requests():
        for _ in range(MESSAGES):
            yield BODY

    seen = collections.Counter()
    async with grpc.aio.insecure_channel(target) as channel:
        for _ in range(CALLS):
            try:
                async for _ in channel.stream_stream("/finding.Refusing/Call")(requests()):
                    pass
            except grpc.aio.AioRpcError as error:
                seen[error.code().name] += 1
    return seen


def synchronous(target):
    seen = collections.Counter()
    with grpc.insecure_channel(target) as channel:
        for _ in range(CALLS):
            try:
                list(channel.stream_stream("/finding.Refusing/Call")(iter([BODY] * MESSAGES)))
            except grpc.RpcError as error:
                seen[error.code().name] += 1
    return seen


async def main(loses):
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Refusing(),))
    target = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    with_asyncio, without = await asynchronous(target), await asyncio.to_thread(synchronous, target)
    await server.stop(None)
    print(f"grpcio {grpc.__version__} asyncio: {dict(with_asyncio)}; without asyncio: {dict(without)}")
    as_stated = (with_asyncio["INTERNAL"] >= 5) if loses else (with_asyncio["INTERNAL"] == 0)
    sys.exit(0 if as_stated and without["PERMISSION_DENIED"] == CALLS else 1)


asyncio.run(main(sys.argv[1] == "loses"))
PY

for release in "1.57.0 tells" "1.68.1 loses" "1.85.3 loses"; do
  read -r version kind <<< "$release"
  "${PYTHON:-python3}" -m venv "$work/$version"
  "$work/$version/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "grpcio==$version"
  "$work/$version/bin/python" "$work/calls.py" "$kind" || { echo "CHANGED: grpcio $version"; exit 1; }
done
echo "AS STATED: the status is lost to INTERNAL with asyncio in 1.68.1 and 1.85.3, and not in 1.57.0"
