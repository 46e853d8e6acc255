import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dataMessage, vectorOf, type DataMessage } from '../e2e/support/documents.js';
import { model, picture } from '../e2e/support/fixtures.js';
import { duplex, grpcClient, unary, type AnyClient } from '../e2e/support/grpc-clients.js';
import { postJson } from '../e2e/support/http-call.js';
import { eventually, metric } from '../e2e/support/server-process.js';
import { startServer as startClip, type RunningServer } from '../support/server.js';
import { startServer, type HostileServer } from './support/hostile-server.js';

// One slow host delays only its own item, through the whole server. The slow host answers nothing until a test says so.

const cat = picture('photo-cat.jpg');
const QUICK = 31;

let server: RunningServer;
let quick: HostileServer;
let slow: HostileServer;
let stalled: ServerResponse[];
let clients: AnyClient[];

beforeAll(async () => {
  quick = await startServer((_req, res) => res.end(cat), '127.0.0.1');
  server = await startClip({
    env: { CAS_CACHE_BYTES_MAX: '0', CAS_ALLOW_PRIVATE_FETCH: 'true', CAS_FETCH_TIMEOUT_MS: '3600000' },
  });
});
afterAll(async () => {
  await server?.stop();
  await quick?.close();
});
beforeEach(async () => {
  stalled = [];
  clients = [];
  slow = await startServer((_req, res) => stalled.push(res), '127.0.0.1');
});
afterEach(async () => {
  for (const client of clients) client.close();
  await slow.close();
});

// Two names of one machine: the places of a host are counted by name.
const slowUrl = (at = 0) => `http://localhost:${slow.port}/${at}`;
const quickUrl = (at = 0) => `http://127.0.0.1:${quick.port}/${at}`;
const isAsked = (times = 1) => eventually('the slow host is asked', () => stalled.length >= times);

function client(service: string): AnyClient {
  const made = grpcClient(service, server.target);
  clients.push(made);
  return made;
}

/** Ends once `count` answers have come; the stream stays open. */
function answersOf<T>(stream: NodeJS.ReadableStream, count: number): Promise<T[]> {
  const answers: T[] = [];
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('data', (answer: T) => {
      if (answers.push(answer) === count) resolve([...answers]);
    });
  });
}

interface Reply {
  id: string;
  results: { embedding?: { values: number[] } | null; error?: { code: string } | null }[];
}

describe('a request that waits for a slow host', () => {
  it('keeps back no other request of its jina stream', async () => {
    const stream = duplex<DataMessage, DataMessage>(client('jina.JinaRPC'), 'Call');
    stream.write(dataMessage('slow', [{ id: 'slow', uri: slowUrl() }]));
    await isAsked();
    const answered = answersOf<DataMessage>(stream, QUICK);
    for (let at = 0; at < QUICK; at += 1) stream.write(dataMessage(`q${at}`, [{ id: `q${at}`, uri: quickUrl(at) }]));
    for (const { header, data } of await answered) {
      expect(header.requestId).toMatch(/^q/);
      expect(vectorOf(data.docs.docs[0])).toHaveLength(model.dimension);
    }
    const last = answersOf<DataMessage>(stream, 1);
    stalled[0]?.end(cat);
    const [late] = await last;
    expect(vectorOf(late?.data.docs.docs[0])).toHaveLength(model.dimension);
    stream.end();
  });

  it('keeps back no other request of its clip stream', async () => {
    const stream = duplex<object, Reply>(client('clip.v1.Clip'), 'EncodeStream');
    stream.write({ id: 'slow', items: [{ imageUri: slowUrl() }] });
    await isAsked();
    const answered = answersOf<Reply>(stream, QUICK);
    for (let at = 0; at < QUICK; at += 1) stream.write({ id: `q${at}`, items: [{ imageUri: quickUrl(at) }] });
    const ids = (await answered).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(Array.from({ length: QUICK }, (_, at) => `q${at}`).toSorted());
    stream.cancel();
  });

  it('keeps back no other request by HTTP', async () => {
    const embed = (image: string) => postJson(server.http('/v1/embeddings'), { input: [{ image }] });
    const waiting = embed(slowUrl());
    await isAsked();
    const answers = await Promise.all(Array.from({ length: QUICK }, (_, at) => embed(quickUrl(at))));
    expect(answers.map(({ status }) => status)).toEqual(Array(QUICK).fill(200));
    stalled[0]?.end(cat);
    expect((await waiting).status).toBe(200);
  });
});

describe('one request with quick and slow images', () => {
  const encode = (urls: string[]) =>
    unary<Reply>(client('clip.v1.Clip'), 'Encode', { items: urls.map((imageUri) => ({ imageUri })) });
  const quickOnes = Array.from({ length: QUICK }, (_, at) => at);

  it.each([
    ['one slow image among 31 quick ones', 1],
    ['more slow images than a request fetches ahead, before 31 quick ones', 100],
  ])('encodes the quick ones without waiting: %s', async (_name, slowCount) => {
    const encodedBefore = await metric(server, 'clip_batch_size_sum');
    const replied = encode([...Array.from({ length: slowCount }, (_, at) => slowUrl(at)), ...quickOnes.map(quickUrl)]);
    await isAsked();
    await eventually(
      'the quick ones are encoded',
      async () => (await metric(server, 'clip_batch_size_sum')) === encodedBefore + QUICK,
    );
    // The slow host breaks down: its images fail, and no other.
    const breaking = setInterval(() => stalled.splice(0).forEach((res) => res.destroy()), 1);
    const { results } = await replied;
    clearInterval(breaking);
    expect(results.slice(0, slowCount).map(({ error }) => error?.code)).toEqual(Array(slowCount).fill('fetch_failed'));
    for (const { embedding } of results.slice(slowCount)) expect(embedding?.values).toHaveLength(model.dimension);
  });
});
