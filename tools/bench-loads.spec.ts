import { join } from 'node:path';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { describe, expect, it } from 'vitest';
import { caller, type Requests } from '../test/bench/callers/caller.js';
import { checkDocuments, documentMessages } from '../test/bench/callers/document-message.js';
import { checkEncoded } from '../test/bench/callers/encode-message.js';
import { steadyWindow, type Call } from '../test/bench/steady-window.js';
import { tokenBatches } from '../test/bench/token-batches.js';

const ITEMS_PER_SECOND = 20;
const CLIENTS = 32;

describe('the part of a steady load that counts', () => {
  /**
   * 32 clients with a request each against a server that takes up to `batchMax` at once, and at first only
   * `firstBatch`.
   */
  function callsOf(batchMax: number, firstBatch = batchMax): Call[] {
    const calls: Call[] = [];
    for (let nowMs = 0, size = firstBatch, waiting = CLIENTS - size; calls.length < 1_000;) {
      nowMs += (size / ITEMS_PER_SECOND) * 1_000;
      for (let at = 0; at < size; at++) calls.push({ endedMs: nowMs + at / 10, latencyMs: 1 });
      const next = Math.min(batchMax, waiting || size);
      waiting += size - next;
      size = next;
    }
    return calls;
  }

  /** What is found as soon as enough has been answered, over the truth. */
  function foundOfTrue(calls: readonly Call[], warmUntilMs: number, runMs: number): number {
    const wanted = { warmUntilMs, runMs, round: CLIENTS };
    const windows = calls.map((_, length) => steadyWindow(calls.slice(0, length), wanted));
    const window = windows.find((some) => some !== undefined);
    if (!window) throw new Error('no window');
    return (window.calls.length / window.elapsedMs) * (1_000 / ITEMS_PER_SECOND);
  }

  it.each([...[1, 3, 10, 16, 32].map((batch) => [batch, batch] as const), ...[[32, 1] as const, [16, 5] as const]])(
    'gives the true rate of a slow server with batches of up to %i, the first of %i',
    (batchMax, firstBatch) => {
      const calls = callsOf(batchMax, firstBatch);
      for (const warmUntilMs of [0, 700, 1_650]) {
        for (const runMs of [500, 2_000, 2_450, 5_000]) {
          const ratio = foundOfTrue(calls, warmUntilMs, runMs);
          expect(Math.abs(ratio - 1), `warm-up ${warmUntilMs} ms, run ${runMs} ms: ${ratio}`).toBeLessThan(0.02);
        }
      }
    },
  );

  it('lasts as long as was asked for, to a batch', () => {
    const window = steadyWindow(callsOf(4), { warmUntilMs: 2_000, runMs: 10_000, round: CLIENTS });

    expect(window?.elapsedMs).toBeGreaterThan(9_700);
    expect(window?.elapsedMs).toBeLessThan(10_300);
  });

  it('is there only when all that was under way has been answered once for warm-up and once more', () => {
    const calls = callsOf(32);
    const wanted = { warmUntilMs: 10, runMs: 10, round: CLIENTS };

    expect(steadyWindow(calls.slice(0, 64), wanted)).toBeUndefined();
    expect(steadyWindow(calls.slice(0, 65), wanted)?.calls).toHaveLength(32);
  });
});

describe('a caller of the load generator', () => {
  const proto = join(import.meta.dirname, '../proto');
  const definitions = loadSync(['jina/jina.proto', 'clip/v1/clip.proto'], {
    includeDirs: [proto, join(proto, 'jina')],
  });
  const [clipAnswer, documentAnswer] = (['clip.v1.Clip/Encode', 'jina.JinaRPC/Call'] as const).map((name) => {
    const [service = '', method = ''] = name.split('/');
    const { responseSerialize } = (definitions[service] as ServiceDefinition)[method] as MethodDefinition<
      object,
      object
    >;
    return responseSerialize;
  });
  const values = Array.from({ length: 512 }, (_, at) => at / 512);
  const embedding = { dense: { buffer: Buffer.from(Float32Array.from(values).buffer), shape: [512], dtype: '<f4' } };

  function requestsOf(modality: Requests['modality'], items: number): Requests {
    const item = modality === 'text' ? 'a photo of the red small dog near old house' : Buffer.alloc(60_000, 7);
    return { modality, lists: [Array<string | Buffer>(items).fill(item)] };
  }

  /** Calls once for each answer. */
  async function callAll(requests: Requests, check: (answer: Buffer) => void, answers: Buffer[]): Promise<void> {
    const left = [...answers];
    const send = () => Promise.resolve(left.shift() ?? Buffer.alloc(0));
    const client = caller(requests, { send, check, close: () => undefined });
    for (const _ of answers) await client.call();
  }

  function clipResults(items: number, failed: number): Buffer {
    const failure = { error: { code: 'internal', message: 'The model failed on this item. Send it again.' } };
    const results = Array.from({ length: items }, (_, at) => (at < failed ? failure : { embedding: { values } }));
    return clipAnswer!({ model: 'vit-b-32', results });
  }

  it.each([1, 32])('rejects when one of %i items failed in a call that went well as a whole', async (items) => {
    const requests = requestsOf('text', items);
    const check = (answer: Buffer) => checkEncoded(answer, requests);
    const good = clipResults(items, 0);

    await expect(callAll(requests, check, [good, good])).resolves.toBeUndefined();
    await expect(callAll(requests, check, [good, clipResults(items, 1)])).rejects.toThrow(
      `An answer to ${items} items`,
    );
    await expect(callAll(requests, check, [clipResults(items, 1)])).rejects.toThrow('or one of them failed');
  });

  it.each([
    ['text', 1],
    ['text', 32],
    ['image', 1],
    ['image', 32],
  ] as const)(
    'rejects an answer that tells of a failure and sends the documents back: %s, %i',
    async (modality, items) => {
      const requests = requestsOf(modality, items);
      const check = (answer: Buffer) => checkDocuments(answer, requests);
      const text = modality === 'text' ? { text: 'a photo of the red small dog near old house' } : {};
      const header = { requestId: 'r', execEndpoint: '/encode' };
      const docs = Array.from({ length: items }, () => ({ id: '0123456789abcdef', ...text, embedding }));
      const good = documentAnswer!({ header, data: { docs: { docs } } });
      const failed = documentMessages(requests)[0]!;

      await expect(callAll(requests, check, [good, good])).resolves.toBeUndefined();
      await expect(callAll(requests, check, [good, failed])).rejects.toThrow(`An answer to ${items} items`);
    },
  );

  it('takes answers whose lengths differ as texts and decimal digits do', async () => {
    const lengths = [70_000, 70_800, 69_300].map((length) => Buffer.alloc(length));

    await expect(callAll(requestsOf('text', 32), () => undefined, lengths)).resolves.toBeUndefined();
  });
});

describe('the batches of the loop without a service', () => {
  it('hold rows of like length, so that no row is filled up more than it must be', () => {
    const rows = [[1, 2, 3, 4], [5], [6, 7, 8], [9, 9]];

    expect(tokenBatches(rows, 2)).toEqual([
      { ids: [5, 0, 9, 9], mask: [1, 0, 1, 1], length: 2 },
      { ids: [6, 7, 8, 0, 1, 2, 3, 4], mask: [1, 1, 1, 0, 1, 1, 1, 1], length: 4 },
    ]);
  });
});
