import { describe, expect, it, vi } from 'vitest';
import { DomainError, ManualClock } from '#core';
import { Gate } from './gate.js';
import type { DocumentRequest } from '#serving';
import { sealed } from '../codec/index.js';
import { handleDocuments, type WhenFull, whenThereIsRoom } from './documents-handler.js';
import type { ProtocolServices } from './protocol-services.js';
import { buildContext } from '../testing/build-context.js';
import { buildServices, OPEN_GATE, type SampleModel } from '../testing/sample-services.js';

const full = (retryAfterMs?: number): DomainError =>
  new DomainError('queue_full', 'The queue is full.', retryAfterMs === undefined ? {} : { retryAfterMs });

function failing(...failures: DomainError[]) {
  return vi.fn(() => {
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve('answer');
  });
}

/** A gate that lets everybody in and sums up what they were charged. */
function chargingGate(registry: SampleModel) {
  const charged = { requests: 0, items: 0, used: [] as unknown[] };
  const charge = (requests: number, items: number): void => {
    charged.requests += requests;
    charged.items += items;
  };
  const gate = new Gate({
    ...OPEN_GATE,
    admit: ({ items }) => {
      charge(1, items);
      return { states: [], finish: () => undefined, undo: () => charge(-1, -items) };
    },
    recordUsage: (use) => charged.used.push(use),
    registry,
    missing: () => new DomainError('unauthenticated', 'A token is needed.'),
  });
  return { gate, charged };
}

/** Lets every promise that is ready run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('whenThereIsRoom', () => {
  it('hands the work in again after the time that the queue names', async () => {
    const clock = new ManualClock();
    const work = failing(full(200));
    const answer = whenThereIsRoom({ clock }, new AbortController().signal, work);
    await settled();
    clock.advance(199);
    await settled();
    expect(work).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await expect(answer).resolves.toBe('answer');
  });

  it('gives up at once on what no queue will ever hold, and on any other failure', async () => {
    const { signal } = new AbortController();
    const clock = new ManualClock();
    await expect(whenThereIsRoom({ clock }, signal, failing(full()))).rejects.toMatchObject({ code: 'queue_full' });
    const other = new DomainError('unavailable', 'No replica.', { retryAfterMs: 5 });
    await expect(whenThereIsRoom({ clock }, signal, failing(other))).rejects.toBe(other);
  });

  it('ends as soon as the caller has gone, and waits for nothing more', async () => {
    const clock = new ManualClock();
    const caller = new AbortController();
    const answer = whenThereIsRoom({ clock }, caller.signal, failing(full(500), full(500)));
    const outcome = expect(answer).rejects.toMatchObject({ code: 'queue_full' });
    await settled();
    caller.abort();
    await outcome;
  });
});

describe('handleDocuments', () => {
  const parts = { requestId: 'r', parameters: {}, hasParameters: false, receivedAtMs: 0 };
  const request: DocumentRequest = { ...parts, endpoint: '/encode', documents: [{ text: 'a' }] };
  const handle = (services: ProtocolServices, asked: DocumentRequest, whenFull: WhenFull) =>
    handleDocuments(services, context, () => ({ request: sealed(asked), whenFull }));
  const context = buildContext();

  it('counts a request of a stream once, however often the full queue sent it away', async () => {
    const { services, clock, model, outcomes } = buildServices();
    model.refusals = [full(10), full(10)];
    const answer = handle(services, request, 'wait');
    while (outcomes.length === 0) {
      await settled();
      clock.advance(10);
    }
    await answer;
    expect(model.refusals).toEqual([]);
    expect(outcomes).toMatchObject([{ operation: 'encode', outcome: 'ok', items: 1 }]);
  });

  it.each(['refuse', 'wait'] as const)('bounds what is worked on, chunks and matches too (%s)', async (whenFull) => {
    const { services, outcomes } = buildServices({ requestItemsMax: 2 });
    const texts = [{ text: 'b' }, { text: 'c' }, { text: 'd' }];
    const asked = [
      { ...request, endpoint: '/rank', documents: [{ text: 'a', matches: texts }] },
      { ...request, documents: [{ text: 'a', chunks: texts }], parameters: { access_paths: '@c' } },
      { ...request, endpoint: '/', documents: texts.map(() => ({})) },
    ];
    for (const one of asked) {
      const answer = handle(services, one, whenFull);
      await expect(answer).rejects.toMatchObject({ code: 'request_too_large' });
    }
    expect(outcomes.map(({ items }) => items)).toEqual([4, 3, 3]);
  });

  it('reports the items that were worked on, not the documents that carried them', async () => {
    const { services, outcomes } = buildServices();
    const documents = [
      { text: 'a', matches: [{ text: 'b' }, { text: 'c' }] },
      { text: 'd', matches: [{ text: 'e' }] },
    ];
    await handle(services, { ...request, endpoint: '/rank', documents }, 'refuse');
    expect(outcomes).toMatchObject([{ operation: 'rank', outcome: 'ok', items: 5 }]);
  });

  it('charges a message of a stream once, however often the full queue sent it away', async () => {
    const { services, clock, model, outcomes } = buildServices();
    const { gate, charged } = chargingGate(model);
    model.refusals = [full(10), full(10)];
    const answer = handle({ ...services, gate }, request, 'wait');
    while (outcomes.length === 0) {
      await settled();
      clock.advance(10);
    }
    await answer;
    expect(charged).toMatchObject({ requests: 1, items: 1, used: [{ requests: 1, items: 1, refused: 0 }] });
  });

  it('charges a unary caller nothing for a request that the full queue refuses', async () => {
    const { services, model } = buildServices();
    const { gate, charged } = chargingGate(model);
    model.refusals = [full(10)];
    const answer = handle({ ...services, gate }, request, 'refuse');
    await expect(answer).rejects.toMatchObject({ code: 'queue_full' });
    expect(charged).toEqual({ requests: 0, items: 0, used: [] });
  });

  it('tells a unary caller at once that the queue is full', async () => {
    const { services, model, outcomes } = buildServices();
    model.refusals = [full(10)];
    await expect(handle(services, request, 'refuse')).rejects.toMatchObject({
      code: 'queue_full',
    });
    expect(outcomes).toMatchObject([{ outcome: 'queue_full' }]);
  });
});
