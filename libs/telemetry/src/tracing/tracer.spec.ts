import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { describe, expect, it } from 'vitest';
import {
  BatchTrace,
  type EndedRequest,
  type ErrorCode,
  ManualClock,
  type RequestTrace,
  Ride,
  UNAUTHENTICATED_ID,
} from '#core';
import { headSampler } from './head-sampler.js';
import { parentReader } from './parent-reader.js';
import type { BatchRecord, Kept, SpanRecord, TraceRecord, TraceSink } from './records.js';
import { Tracer } from './tracer.js';

/** Keeps what it gets. */
class Keeper implements TraceSink {
  readonly traces: TraceRecord[] = [];
  readonly batches: BatchRecord[] = [];
  onTrace = (trace: TraceRecord): void => void this.traces.push(trace);
  onBatch = (batch: BatchRecord): void => void this.batches.push(batch);
}

const CALLER = 'b7ad6b7169203331';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const fieldsOf = (flags: string) => ({ traceparent: `00-${TRACE}-${CALLER}-${flags}` });

function traced({ ratio = 0, genAi = false } = {}) {
  const clock = new ManualClock();
  clock.advance(10_000);
  const [store, exported] = [new Keeper(), new Keeper()];
  const ended: (Kept | 'no')[] = [];
  const failures: unknown[] = [];
  const dropped: unknown[] = [];
  const tracer = new Tracer({
    clock: Object.assign(clock, { wallMs: () => 1_796_000_000_000 + clock.now() }),
    sampler: headSampler('parentbased_traceidratio', ratio),
    parentReader: parentReader(new W3CTraceContextPropagator()),
    sinks: [store],
    exported,
    pod: 'pod-1',
    genAi,
    onEnded: (kept) => ended.push(kept),
    onDropped: (where, requests) => dropped.push([where, requests]),
    onFailure: (err) => failures.push(err),
  });
  const begin = (fields: Record<string, string> = {}): RequestTrace =>
    tracer.begin('request-1', fields, (given, name) => given[name]);
  /** Ends a request that took `durationMs`. */
  const end = (trace: RequestTrace, durationMs = 1, changes: Partial<EndedRequest> = {}): void => {
    clock.advance(durationMs);
    tracer.end({
      trace,
      startMs: clock.now() - durationMs,
      endMs: clock.now(),
      protocol: 'grpc',
      operation: 'encode',
      model: 'mini-clip',
      items: 1,
      outcome: 'ok',
      principalId: 'token-1',
      describe: () => ({ name: 'clip.v1.Clip/Encode', attributes: { 'rpc.system.name': 'grpc' } }),
      ...changes,
    });
  };
  /** Uses up what is kept for no other reason within this second. */
  const spendQuiet = (): void => {
    for (let at = 0; at < 5; at++) end(begin(), 0);
    for (const sink of [store, exported]) sink.traces.length = 0;
    ended.length = 0;
  };
  return { clock, tracer, store, exported, ended, failures, dropped, begin, end, spendQuiet };
}

const batchOf = (changes: { error?: ErrorCode; attempt?: number } = {}): BatchTrace =>
  new BatchTrace({
    model: 'mini-clip',
    replica: 'mini-clip/0',
    device: 'cpu',
    tower: 'textual',
    items: 2,
    itemsMax: 32,
    bytes: 10,
    attempt: 1,
    reason: 'idle_replica',
    whole: { startMs: 10_002, endMs: 10_008 },
    prepare: { startMs: 10_003, endMs: 10_004 },
    run: { startMs: 10_004, endMs: 10_007 },
    ...changes,
  });

function ride(batch: BatchTrace, trace: RequestTrace): void {
  const one = new Ride(batch, trace, 1, 10_001, 2);
  batch.riders.push(one);
  trace.addRide(one);
}

const named = (spans: readonly SpanRecord[] | undefined, name: string): SpanRecord | undefined =>
  spans?.find((span) => span.name === name);

describe('Tracer', () => {
  it('continues the trace of a caller, with its decision', () => {
    const { begin, end, ended, exported } = traced();
    const trace = begin(fieldsOf('01'));
    expect(trace.context).toMatchObject({ traceId: TRACE, sampled: true });
    end(trace);
    expect(ended).toEqual(['sampled']);
    expect(exported.traces[0]?.spans[0]).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, kind: 'server' });
  });

  it.each([{}, { traceparent: 'nonsense' }, { traceparent: `00-${'0'.repeat(32)}-${CALLER}-01` }])(
    'begins a trace of its own where %j names no caller',
    (fields) => {
      const { begin } = traced();
      const { context, parentSpanId } = begin(fields);
      expect([context.traceId === TRACE, context.sampled, parentSpanId]).toEqual([false, false, undefined]);
    },
  );

  it('keeps what fails, whatever the caller decided', () => {
    const { begin, end, ended, exported, spendQuiet } = traced();
    spendQuiet();
    end(begin(fieldsOf('00')), 0, { outcome: 'queue_full' });
    expect(ended).toEqual(['failed']);
    const [span] = exported.traces[0]?.spans ?? [];
    expect(span).toMatchObject({ error: 'queue_full', attributes: { 'error.type': 'queue_full' } });
  });

  it('stores 200 sampled requests a second at most, exports them all, and counts the others', () => {
    const { clock, begin, end, store, exported, dropped } = traced();
    for (let at = 0; at < 210; at++) end(begin(fieldsOf('01')), 0);
    expect([store.traces.length, exported.traces.length, dropped.length]).toEqual([200, 210, 10]);
    end(begin(), 0, { outcome: 'queue_full' });
    expect(store.traces.at(-1)).toMatchObject({ kept: 'failed' });
    clock.advance(1_000);
    end(begin(fieldsOf('01')), 0);
    expect(store.traces).toHaveLength(202);
  });

  it('stores a batch with the first of its riders that is stored, which may not be the first that is exported', () => {
    const { begin, end, store, exported } = traced();
    for (let at = 0; at < 200; at++) end(begin(fieldsOf('01')), 0);
    const [sampled, failed] = [begin(fieldsOf('01')), begin()];
    const batch = batchOf();
    ride(batch, sampled);
    ride(batch, failed);
    end(sampled, 0);
    expect([store.batches.length, exported.batches.length]).toEqual([0, 1]);
    end(failed, 0, { outcome: 'queue_full' });
    expect([store.batches.length, exported.batches.length]).toEqual([1, 1]);
  });

  it('keeps few a second of callers without a token, whatever they ask for, so that they push nothing else out', () => {
    const { clock, begin, end, ended } = traced();
    const refused = { outcome: 'unauthenticated', principalId: UNAUTHENTICATED_ID };
    for (let at = 0; at < 30; at++) end(begin(fieldsOf(at % 2 ? '01' : '00')), 0, refused);
    expect(ended.filter((kept) => kept !== 'no')).toHaveLength(20);
    end(begin(), 0, { outcome: 'queue_full' });
    expect(ended.at(-1)).toBe('failed');
    clock.advance(1_000);
    end(begin(), 0, refused);
    expect(ended.at(-1)).toBe('failed');
  });

  it('keeps what takes far longer than the others of its operation', () => {
    const { begin, end, ended, spendQuiet } = traced();
    for (let at = 0; at < 200; at++) end(begin());
    spendQuiet();
    end(begin(), 100);
    expect(ended).toEqual(['slow']);
  });

  it('keeps a few a second for the store when there is little to do, exports none of them, and forgets the rest', () => {
    const { clock, begin, end, ended, store, exported } = traced();
    for (let at = 0; at < 8; at++) end(begin(), 0);
    expect(ended).toEqual([...Array<Kept>(5).fill('quiet'), 'no', 'no', 'no']);
    expect([store.traces.length, exported.traces.length]).toEqual([5, 0]);
    clock.advance(1_000);
    end(begin(), 0);
    expect(ended.at(-1)).toBe('quiet');
  });

  it('makes a span of each part and of each ride, on the clock of the wall', () => {
    const { begin, end, exported } = traced();
    const trace = begin(fieldsOf('01'));
    trace.add({ name: 'fetch', kind: 'client', startMs: 10_000, endMs: 10_001, error: 'fetch_failed' });
    const batch = batchOf();
    ride(batch, trace);
    end(trace, 9);
    const [record] = exported.traces;
    expect(record).toMatchObject({
      startedAtMs: 1_796_000_010_000,
      durationMs: 9,
      pod: 'pod-1',
      principalId: 'token-1',
    });
    expect(record?.batchIds).toEqual([batch.context.traceId]);
    expect(record?.spans.map(({ name }) => name)).toEqual(['clip.v1.Clip/Encode', 'fetch', 'queue', 'run']);
    expect(named(record?.spans, 'fetch')).toMatchObject({ kind: 'client', error: 'fetch_failed' });
    expect(named(record?.spans, 'queue')).toMatchObject({ startMs: 1_796_000_010_001, endMs: 1_796_000_010_002 });
    expect(named(record?.spans, 'run')).toMatchObject({ endMs: 1_796_000_010_008, links: [batch.context] });
    for (const span of record?.spans.slice(1) ?? []) expect(span.parentSpanId).toBe(record?.spans[0]?.spanId);
  });

  it('records a batch once, with the first of its riders that is kept, and links all of them', () => {
    const { begin, end, exported, spendQuiet } = traced();
    spendQuiet();
    const batch = batchOf();
    const [forgotten, first, second] = [begin(), begin(fieldsOf('01')), begin(fieldsOf('01'))];
    for (const trace of [forgotten, first, second]) ride(batch, trace);
    for (const trace of [forgotten, first, second]) end(trace, 0);
    expect(exported.batches).toHaveLength(1);
    const [{ spans, riders, batchId } = { spans: [], riders: [], batchId: '' }] = exported.batches;
    expect(spans.map(({ name }) => name)).toEqual(['batch', 'prepare', 'run']);
    expect(spans[0]?.links.map(({ traceId }) => traceId)).toEqual(
      [forgotten, first, second].map((t) => t.context.traceId),
    );
    expect(riders).toHaveLength(3);
    const linked = exported.traces.map((trace) => named(trace.spans, 'run')?.spanId);
    expect(spans[0]?.links.slice(1).map(({ spanId }) => spanId)).toEqual(linked);
    expect(batchId).toBe(batch.context.traceId);
  });

  it('exports a batch that only the store has got before', () => {
    const { begin, end, store, exported } = traced();
    const batch = batchOf();
    const [quiet, sampled] = [begin(), begin(fieldsOf('01'))];
    ride(batch, quiet);
    ride(batch, sampled);
    end(quiet, 0);
    expect([store.batches.length, exported.batches.length]).toEqual([1, 0]);
    end(sampled, 0);
    expect([store.batches.length, exported.batches.length]).toEqual([1, 1]);
  });

  it('shows both attempts at a batch whose replica was lost', () => {
    const { begin, end, exported } = traced();
    const trace = begin(fieldsOf('01'));
    ride(batchOf({ error: 'replica_lost' }), trace);
    ride(batchOf({ attempt: 2 }), trace);
    end(trace);
    const runs = exported.traces[0]?.spans.filter(({ name }) => name === 'run') ?? [];
    expect(runs.map(({ error, attributes }) => [error, attributes['clip.attempt']])).toEqual([
      ['replica_lost', 1],
      [undefined, 2],
    ]);
  });

  it.each(['kept', 'forgotten'])('lets go of the notes of a request that is %s: batches hold their riders', (what) => {
    const { begin, end, spendQuiet } = traced();
    spendQuiet();
    const trace = begin(what === 'kept' ? fieldsOf('01') : {});
    ride(batchOf(), trace);
    end(trace, 0);
    expect([trace.parts, trace.rides]).toEqual([[], []]);
  });

  it('takes over the trace that a message names later, and its decision', () => {
    const { tracer, begin, end, exported } = traced();
    const trace = begin();
    const { spanId } = trace.context;
    tracer.adopt(trace, fieldsOf('01'), (given, name) => (name === 'traceparent' ? given.traceparent : undefined));
    end(trace);
    expect(exported.traces[0]?.spans[0]).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, spanId });
  });

  it('gives the further requests of a stream the same caller and spans of their own', () => {
    const { tracer, begin } = traced();
    const first = begin(fieldsOf('01'));
    const next = tracer.beginNext(first.parent, 'request-2');
    expect(next).toMatchObject({ parentSpanId: CALLER, requestId: 'request-2' });
    expect(next.context.traceId).toBe(TRACE);
    expect(next.context.spanId).not.toBe(first.context.spanId);
  });

  it('adds the attributes of the GenAI conventions where they are asked for', () => {
    const { begin, end, exported } = traced({ genAi: true });
    end(begin(fieldsOf('01')));
    expect(exported.traces[0]?.spans[0]?.attributes).toMatchObject({
      'gen_ai.operation.name': 'embeddings',
      'gen_ai.request.model': 'mini-clip',
    });
  });

  it('goes on when a sink fails', () => {
    const { begin, end, failures, store } = traced();
    store.onTrace = () => {
      throw new Error('full');
    };
    end(begin(fieldsOf('01')));
    expect(failures).toHaveLength(1);
  });
});
