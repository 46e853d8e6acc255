#!/usr/bin/env bash
# @grpc/reflection 1.0.4 over @grpc/proto-loader 0.8.1 (protobufjs 7.6.6): a service that imports another package cannot be described.
#
# Server reflection hands out the files that a service is written in, so one would guess: with their names, and with what they import. What
# proto-loader keeps is made by protobufjs (`toDescriptor`) of the namespaces, not of the files: one file a package, named after it,
# with no `dependency`, and the types of fields without the leading point that makes a name absolute. @grpc/reflection serves these as
# they are. The services are listed, but a client that builds descriptors of the answer, as Python's does, finds no imported type:
# google.protobuf.Timestamp is enough. A file that imports only files of its own package is merged with them and works.
#
# Seen (@grpc/grpc-js 1.14.7, @grpc/reflection 1.0.4, @grpc/proto-loader 0.8.1, protobufjs 7.6.6; Python 3.11, grpcio-reflection 1.76.0,
# protobuf 6.33.6):
#   services listed: alone.Plain, shop.v1.Shop, timed.Timed
#   the file of shop.v1.Shop: name shop_v1.proto, dependency []
#   shop.v1.Shop (imports common/money.proto): TypeError, couldn't resolve name '.common.Money'
#   timed.Timed (imports google/protobuf/timestamp.proto): TypeError, couldn't resolve name 'google.protobuf.Timestamp'
#   alone.Plain (imports nothing): alone.Item
#
# Needs Node 20 or newer and Python 3.10 or newer: PYTHON=python3.11 findings/grpc-node-reflection-imports.sh
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
cd "$work"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check grpcio==1.76.0 grpcio-reflection==1.76.0 protobuf==6.33.6
echo '{"private":true,"type":"module","overrides":{"protobufjs":"7.6.6"}}' > package.json
npm install --silent --no-audit --no-fund --save-exact \
  @grpc/grpc-js@1.14.7 @grpc/reflection@1.0.4 @grpc/proto-loader@0.8.1 protobufjs@7.6.6

mkdir -p proto/common proto/shop/v1 proto/alone
cat > proto/common/money.proto <<'PROTO'
syntax = "proto3";
package common;
message Money { int64 units = 1; }
PROTO
cat > proto/shop/v1/shop.proto <<'PROTO'
syntax = "proto3";
package shop.v1;
import "common/money.proto";
message Item { common.Money price = 1; }
service Shop { rpc Price (Item) returns (common.Money); }
PROTO
cat > proto/shop/timed.proto <<'PROTO'
syntax = "proto3";
package timed;
import "google/protobuf/timestamp.proto";
message Sale { google.protobuf.Timestamp at = 1; }
service Timed { rpc Last (Sale) returns (Sale); }
PROTO
cat > proto/alone/plain.proto <<'PROTO'
syntax = "proto3";
package alone;
message Item { string name = 1; }
service Plain { rpc Find (Item) returns (Item); }
PROTO

cat > server.js <<'JS'
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

const files = ['shop/v1/shop.proto', 'shop/timed.proto', 'alone/plain.proto'];
const definition = loadSync(files, { includeDirs: ['proto'], keepCase: true });
const server = new Server();
new ReflectionService(definition).addToServer(server);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (err, port) => console.log(err ?? port));
JS
node server.js > port &
server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done

cat > client.py <<'PY'
import sys

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

channel = grpc.insecure_channel("127.0.0.1:" + open("port").read().strip())
database = ProtoReflectionDescriptorDatabase(channel)
print("services listed:", ", ".join(sorted(database.get_services())))
file = database.FindFileContainingSymbol("shop.v1.Shop")
print(f"the file of shop.v1.Shop: name {file.name}, dependency {list(file.dependency)}")


def described(service):
    try:
        return DescriptorPool(database).FindServiceByName(service).methods[0].input_type.full_name
    except TypeError as err:
        return "TypeError, " + str(err).partition(": ")[2]


seen = {service: described(service) for service in ("shop.v1.Shop", "timed.Timed", "alone.Plain")}
for service, what in seen.items():
    print(f"{service}: {what}")
as_stated = (
    not file.dependency
    and seen["shop.v1.Shop"].startswith("TypeError, couldn't resolve name")
    and seen["timed.Timed"].startswith("TypeError, couldn't resolve name")
    and seen["alone.Plain"] == "alone.Item"
)
sys.exit(0 if as_stated else "This is not what was seen before.")
PY
venv/bin/python client.py
