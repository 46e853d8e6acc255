#!/usr/bin/env bash
# prom-client 15.1.3: most garbage collections are not counted, and writing OpenMetrics once renames counters that a classic registry shares.
#
# nodejs_gc_duration_seconds: Node tells its observer several collections at a time; prom-client takes the first of each list
# (lib/metrics/gc.js), so that a busy process looks as if it hardly collected.
# A counter that is registered in a classic and an OpenMetrics registry loses `_total` in the classic text too, for good, once
# the OpenMetrics text was asked for (lib/registry.js writes to the counter's own name).
#
# Seen (prom-client 15.1.3, Node 24.21.0): 35 collections, of which 2 are counted; "things_total 0" before, "things 0" after.
#
# Needs npm and Node 20 or newer: findings/prom-client-gc-and-counters.sh
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund prom-client@15.1.3

cat > seen.mjs <<'JS'
import { PerformanceObserver } from 'node:perf_hooks';
import client from 'prom-client';

const registry = new client.Registry();
client.collectDefaultMetrics({ register: registry });
let collections = 0;
new PerformanceObserver((list) => (collections += list.getEntries().length)).observe({ entryTypes: ['gc'] });
for (let turn = 0; turn < 200; turn += 1) Array.from({ length: 200_000 }, (_, n) => ({ n }));
await new Promise((resolve) => setTimeout(resolve, 500));
const counts = [...(await registry.metrics()).matchAll(/^nodejs_gc_duration_seconds_count\{.*\} (\d+)$/gm)];
const counted = counts.reduce((sum, [, count]) => sum + Number(count), 0);
console.log(`Node ${process.version}: ${collections} collections, ${counted} counted`);

const classic = new client.Registry();
const open = new client.Registry(client.Registry.OPENMETRICS_CONTENT_TYPE);
new client.Counter({ name: 'things_total', help: 'Things.', registers: [classic, open] });
const line = async () => (await classic.metrics()).split('\n').find((one) => one.startsWith('things'));
const before = await line();
await open.metrics();
const after = await line();
console.log(`before: ${before}; after the OpenMetrics text was written: ${after}`);
process.exit(counted < collections / 2 && before === 'things_total 0' && after === 'things 0' ? 0 : 1);
JS
node seen.mjs && echo "AS STATED" || { echo "CHANGED"; exit 1; }
