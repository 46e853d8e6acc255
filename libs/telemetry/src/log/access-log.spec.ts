import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, RequestTrace, type EndedRequest, type ErrorCode } from '#core';
import { AccessLog } from './access-log.js';
import { AccessLogTracer } from './access-log-tracer.js';

interface Line {
  readonly fields: Record<string, unknown>;
  readonly text: unknown;
}

let clock: ManualClock;
let lines: Line[];
let level: string;
let dropped: number;

beforeEach(() => {
  clock = new ManualClock();
  [lines, level, dropped] = [[], 'info', 0];
});

function accessLog(linesPerSecondMax: number, isPretty = false): AccessLog {
  const log = {
    isLevelEnabled: () => level === 'info',
    info: (fields: object, text?: unknown) => void lines.push({ fields: { ...fields }, text }),
  };
  return new AccessLog({ log, clock, linesPerSecondMax, isPretty, onDropped: () => dropped++ });
}

/** A request that ends now with `outcome`. */
function ended(outcome: 'ok' | 'item_failed' | ErrorCode = 'ok', changes: Partial<EndedRequest> = {}): EndedRequest {
  const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
  return {
    ...{ trace: new RequestTrace(context, undefined, 'request-1'), startMs: clock.now() - 3.25, endMs: clock.now() },
    ...{ protocol: 'http', operation: 'embeddings', model: 'mini-clip', items: 2, outcome, principalId: 'token-1' },
    describe: () => ({
      name: 'POST /v1/embeddings',
      attributes: {
        ...{ 'http.response.status_code': 200, 'http.request.body.size': 40, 'client.address': '192.0.2.1' },
        'user_agent.original': 'planted',
      },
    }),
    ...changes,
  };
}

const outcomes = (): unknown[] => lines.flatMap(({ fields }) => fields['outcome'] ?? []);

describe('an access line', () => {
  it('tells what was asked, by whom, how it ended and how long it took, and joins its trace', () => {
    accessLog(1).onEnd(ended());
    expect(lines).toEqual([
      {
        text: 'request',
        fields: {
          ...{ trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), trace_flags: '01', requestId: 'request-1' },
          ...{ protocol: 'http', request: 'POST /v1/embeddings', status: 200, outcome: 'ok' },
          ...{ operation: 'embeddings', model: 'mini-clip', items: 2, durationMs: 3.3, requestBytes: 40 },
          ...{ responseBytes: undefined, principal: 'token-1', client: '192.0.2.1' },
        },
      },
    ]);
  });

  it('is one short text where people read the log', () => {
    const log = accessLog(5, true);
    log.onEnd(ended());
    log.onEnd(ended('queue_full', { model: undefined, items: 0 }));
    expect(lines.map(({ text }) => text)).toEqual([
      'POST /v1/embeddings  200  mini-clip  2 items  3.3 ms',
      'POST /v1/embeddings  200  queue_full  3.3 ms',
    ]);
    expect(lines.flatMap(({ fields }) => Object.values(fields).filter((value) => value !== undefined))).toEqual([]);
  });

  it('is none, and is not missed, where lines of info are not wanted', () => {
    level = 'warn';
    const log = accessLog(1);
    for (let at = 0; at < 5; at++) log.onEnd(ended());
    expect([lines, dropped]).toEqual([[], 0]);
  });
});

describe('under load', () => {
  it('each kind of outcome has its own bound, so that a flood hides no failure of the server', () => {
    const log = accessLog(2);
    for (const outcome of ['ok', 'rate_limited', 'item_failed'] as const) {
      for (let at = 0; at < 100; at++) log.onEnd(ended(outcome));
    }
    for (const outcome of ['internal', 'unavailable', 'internal'] as const) log.onEnd(ended(outcome));
    expect(outcomes()).toEqual(['ok', 'ok', 'rate_limited', 'rate_limited', 'internal', 'unavailable']);
    expect(dropped).toBe(98 + 198 + 1);
  });

  it('writes so many a second on average, spread over it', () => {
    const log = accessLog(10);
    for (let at = 0; at < 3_000; at++) {
      log.onEnd(ended());
      clock.advance(1);
    }
    expect(outcomes().length).toBeGreaterThanOrEqual(38);
    expect(outcomes().length).toBeLessThanOrEqual(40);
  });

  it('one line tells what was left out, ten seconds later or at the end, and none when nothing was', () => {
    const log = accessLog(1);
    for (let at = 0; at < 4; at++) log.onEnd(ended());
    log.onEnd(ended('internal'));
    log.onEnd(ended('internal'));
    clock.advance(10_000);
    expect(lines.at(-1)).toMatchObject({
      text: 'access lines left out',
      fields: { dropped: { ok: 3, failed_by_server: 1 } },
    });
    log.onEnd(ended());
    clock.advance(20_000);
    log.close();
    expect(lines.filter(({ text }) => text === 'access lines left out')).toHaveLength(1);
    log.onEnd(ended());
    log.onEnd(ended());
    log.close();
    expect(lines.at(-1)).toMatchObject({ fields: { dropped: { ok: 1 } } });
  });
});

describe('a tracer with access lines', () => {
  it('gives requests ids where nothing is traced, and lets go of what was noted', () => {
    const tracer = new AccessLogTracer(accessLog(5), undefined);
    const trace = tracer.begin('request-1', {}, () => undefined);
    expect(tracer.beginNext(undefined, 'request-2').context.traceId).not.toBe(trace.context.traceId);
    tracer.adopt(trace, {}, () => undefined);
    trace.add({ name: 'fetch', startMs: 0, endMs: 1 });
    tracer.end(ended('ok', { trace }));
    expect(trace.parts).toEqual([]);
    expect(lines[0]?.fields).toMatchObject({ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/), trace_flags: '00' });
  });

  it('writes the line, and hands everything on to the tracer inside', () => {
    const calls: string[] = [];
    const trace = ended().trace;
    const inner = {
      begin: () => (calls.push('begin'), trace),
      beginNext: () => (calls.push('beginNext'), trace),
      adopt: () => void calls.push('adopt'),
      end: () => void calls.push(`end after ${lines.length} line`),
    };
    const tracer = new AccessLogTracer(accessLog(5), inner);
    expect(tracer.begin('request-1', {}, () => undefined)).toBe(trace);
    expect(tracer.beginNext(undefined, 'request-2')).toBe(trace);
    tracer.adopt(trace, {}, () => undefined);
    tracer.end(ended());
    expect(calls).toEqual(['begin', 'beginNext', 'adopt', 'end after 1 line']);
  });
});
