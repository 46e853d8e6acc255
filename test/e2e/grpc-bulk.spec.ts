import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { type DataMessage, dataMessage, exchange, idsOf, vectorOf } from './support/documents.js';
import { cosine, model } from './support/fixtures.js';
import { type AnyClient, duplex, grpcClient } from './support/grpc-clients.js';
import { residentMegabytes } from './support/server-process.js';

const TEXTS = 10_000;
/** Without a bound of its own, the heap's garbage hides what is held: this one makes the growth that of live memory. */
const HEAP = { NODE_OPTIONS: '--max-old-space-size=160' };
const GROWTH_MB_MAX = 100;

let server: RunningServer;
let client: AnyClient;
beforeAll(async () => {
  server = await startServer({ env: { CAS_CACHE_BYTES_MAX: '0', ...HEAP } });
  client = grpcClient('jina.JinaRPC', server.target);
  await stream(1_000, 8);
});
afterAll(async () => {
  client?.close();
  await server?.stop();
});

const textOf = (at: number) => `a photo of thing ${at}`;

function* requests(count: number, batchSize: number): Generator<DataMessage> {
  for (let from = 0; from < count; from += batchSize) {
    const documents = Array.from({ length: Math.min(batchSize, count - from) }, (_, offset) => ({
      id: String(from + offset),
      text: textOf(from + offset),
    }));
    yield dataMessage(`request-${from}`, documents);
  }
}

const stream = (count: number, batchSize: number) =>
  exchange(duplex<DataMessage, DataMessage>(client, 'Call'), requests(count, batchSize));

describe.each([1, 8])('10,000 texts in one stream, %i in each request', (batchSize) => {
  it('lose nothing, mix nothing up, and leave the memory of the server where it was', async () => {
    const before = residentMegabytes(server.pid);
    const answers = await stream(TEXTS, batchSize);
    expect(residentMegabytes(server.pid) - before).toBeLessThan(GROWTH_MB_MAX);

    expect(answers).toHaveLength(TEXTS / batchSize);
    const byFirst = answers.sort((a, b) => Number(idsOf(a)[0]) - Number(idsOf(b)[0]));
    expect(byFirst.flatMap(idsOf)).toEqual(Array.from({ length: TEXTS }, (_, at) => String(at)));
    const documents = byFirst.flatMap((answer) => answer.data.docs.docs);
    for (const [at, document] of documents.entries()) {
      expect(document.text).toBe(textOf(at));
      if (vectorOf(document).length !== model.dimension) expect.fail(`document ${at} has no whole vector`);
    }
    await sameAlone(documents[4_321]!.text!, vectorOf(documents[4_321]));
  });
});

async function sameAlone(text: string, vector: Float32Array): Promise<void> {
  const one = duplex<DataMessage, DataMessage>(client, 'Call');
  const [answer] = await exchange(one, [dataMessage('again', [{ id: 'again', text }])]);
  expect(cosine(vectorOf(answer?.data.docs.docs[0]), vector)).toBeCloseTo(1, 4);
}
