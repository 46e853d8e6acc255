#!/usr/bin/env bash
# parquet-wasm 0.8.0: settings for a column inside a list are taken and have no effect, under whatever name of the column.
#
# setColumnEncoding and setColumnCompression take `embedding.list.element`, the path that the written file itself gives to that
# column, without a word, and the column is written as if nothing had been said. For a column that is not nested they work, and
# so does a setting for all columns that is taken back for the others: then the same list is split into byte streams. Vectors
# are lists, so whoever asks for BYTE_STREAM_SPLIT of their embeddings alone gets plain ones.
#
# Seen (parquet-wasm 0.8.0, apache-arrow 21.1.0, read by hyparquet 1.33.0): with the name of the column PLAIN and
# UNCOMPRESSED, with a setting for all BYTE_STREAM_SPLIT and ZSTD; a float column that is not nested is split by its name.
#
# Needs npm and Node 20 or newer: findings/parquet-wasm-nested-encoding.sh
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund parquet-wasm@0.8.0 apache-arrow@21.1.0 hyparquet@1.33.0

cat > seen.mjs <<'JS'
import * as arrow from 'apache-arrow';
import { parquetMetadataAsync } from 'hyparquet';
import { Compression, Encoding, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';

const float = new arrow.Float32();
const list = new arrow.FixedSizeList(4, new arrow.Field('element', float, false));
const fields = [new arrow.Field('score', float, false), new arrow.Field('embedding', list, false)];
const numbers = (length) => arrow.makeData({ type: float, length, nullCount: 0, data: Float32Array.from({ length }, Math.random) });
const rows = arrow.makeData({
  type: new arrow.Struct(fields),
  length: 100,
  nullCount: 0,
  children: [numbers(100), arrow.makeData({ type: list, length: 100, nullCount: 0, child: numbers(400) })],
});
const schema = new arrow.Schema(fields);
const stream = arrow.tableToIPC(new arrow.Table(schema, [new arrow.RecordBatch(schema, rows)]), 'stream');

async function written(settings) {
  const properties = settings(new WriterPropertiesBuilder().setDictionaryEnabled(false)).build();
  const { buffer } = Uint8Array.from(writeParquet(Table.fromIPCStream(stream), properties));
  const { row_groups } = await parquetMetadataAsync({ byteLength: buffer.byteLength, slice: async (from, to) => buffer.slice(from, to) });
  return Object.fromEntries(
    row_groups[0].columns.map(({ meta_data: { path_in_schema, encodings, codec } }) => [
      path_in_schema.join('.'),
      `${encodings.filter((one) => one !== 'RLE').join('+')} ${codec}`,
    ]),
  );
}

const { UNCOMPRESSED, ZSTD } = Compression;
const { BYTE_STREAM_SPLIT } = Encoding;
const named = (name) => (builder) =>
  builder.setCompression(UNCOMPRESSED).setColumnEncoding(name, BYTE_STREAM_SPLIT).setColumnCompression(name, ZSTD);
const names = ['embedding.list.element', 'embedding.element', 'embedding.list', 'embedding'];
const tried = await Promise.all(names.map((name) => written(named(name))));
const [nested] = tried;
const flat = await written(named('score'));
const all = await written((builder) => builder.setCompression(ZSTD).setEncoding(BYTE_STREAM_SPLIT));
const path = Object.keys(nested)[1];
console.log(`the column is called ${path}`);
console.log(`set by ${names.join(', ')}: ${tried.map((one) => one[path]).join(', ')}; for all columns: ${all[path]}`);
console.log(`not nested, set by its name: ${flat.score}`);
const isSplit = (text) => text === 'BYTE_STREAM_SPLIT ZSTD';
const isAsSeen =
  path === 'embedding.list.element' && tried.every((one) => one[path] === 'PLAIN UNCOMPRESSED') && isSplit(all[path]) && isSplit(flat.score);
process.exit(isAsSeen ? 0 : 1);
JS
node seen.mjs && echo "AS STATED" || { echo "CHANGED"; exit 1; }
