import { describe, expect, it } from 'vitest';
import { DomainError } from '#core';
import type { DocumentRequest } from '#serving';
import { sealed } from '../codec/index.js';
import type { AccessPorts } from './access.js';
import type { WhenFull } from './call.js';
import { documentsHandler, operationOf } from './documents.js';
import type { ProtocolParts } from './protocol-parts.js';
import { buildContext } from '../testing/build-context.js';
import { buildServices } from '../testing/sample-services.js';

const full = (retryAfterMs?: number): DomainError =>
  new DomainError('queue_full', 'The queue is full.', retryAfterMs === undefined ? {} : { retryAfterMs });

/** Access for everybody that sums up what they were charged. */
function charging() {
  const charged = { requests: 0, items: 0, used: [] as unknown[] };
  const charge = (requests: number, items: number): void => {
    charged.requests += requests;
    charged.items += items;
  };
  const access: Partial<AccessPorts> = {
    admit: ({ items }) => {
      charge(1, items);
      return { states: [], finish: () => undefined, undo: () => charge(-1, -items) };
    },
    recordUsage: (use) => charged.used.push(use),
  };
  return { access, charged };
}

/** Lets every promise that is ready run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('documentsHandler', () => {
  const parts = { requestId: 'r', parameters: {}, hasParameters: false, receivedAtMs: 0 };
  const request: DocumentRequest = { ...parts, endpoint: '/encode', documents: [{ text: 'a' }] };
  const handle = (services: ProtocolParts, asked: DocumentRequest, whenFull: WhenFull) =>
    services.pipeline.run(
      context,
      documentsHandler(services.documents, () => ({ request: sealed(asked), whenFull })),
    );
  const context = { ...buildContext(), scope: undefined };

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
    const { access, charged } = charging();
    const { services, clock, model, outcomes } = buildServices({}, access);
    model.refusals = [full(10), full(10)];
    const answer = handle(services, request, 'wait');
    while (outcomes.length === 0) {
      await settled();
      clock.advance(10);
    }
    await answer;
    expect(charged).toMatchObject({ requests: 1, items: 1, used: [{ requests: 1, items: 1, refused: 0 }] });
  });

  it('charges a unary caller nothing for a request that the full queue refuses', async () => {
    const { access, charged } = charging();
    const { services, model } = buildServices({}, access);
    model.refusals = [full(10)];
    const answer = handle(services, request, 'refuse');
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

describe('operationOf', () => {
  it('gives a bounded set of words, whatever callers send', () => {
    expect(['/encode', '/rank/M-CLIP/X', '/', '', '/__proto__', '/x'.repeat(500)].map(operationOf)).toEqual([
      'encode',
      'rank',
      'root',
      'root',
      'other',
      'other',
    ]);
  });
});
