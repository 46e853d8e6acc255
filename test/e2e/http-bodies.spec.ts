import { brotliCompressSync, brotliDecompressSync, constants, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { call, postJson } from './support/http-call.js';
import { intoConnection, Pump } from './support/pump.js';
import { RawConnection } from './support/raw-connection.js';
import { eventually, residentMegabytes, serves } from './support/server-process.js';

const MEBIBYTE = 1024 * 1024;
const bytesMax = 4 * MEBIBYTE;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ env: { CAS_REQUEST_BYTES_MAX: '4MiB' } });
});
afterAll(() => server?.stop());

const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  call(server.http('/encode'), { body, headers: { 'content-type': 'application/json', ...headers } });

const texts = JSON.stringify({ data: Array.from({ length: 16 }, (_, at) => ({ id: `${at}`, text: `text ${at}` })) });

const vectorsIn = (json: string) =>
  (JSON.parse(json) as { data: { embedding: number[] }[] }).data.map(({ embedding }) => embedding.length);

describe('compressed bodies', () => {
  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)('a request in %s is read', async (encoding, compress) => {
    const answer = await post(compress(texts), { 'content-encoding': encoding });
    expect(answer.status, answer.text).toBe(200);
    expect(vectorsIn(answer.text)).toHaveLength(16);
  });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)('an answer goes out in %s when the client asks for it', async (encoding, decompress) => {
    const answer = await post(texts, { 'accept-encoding': encoding });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers['vary']?.toLowerCase()).toContain('accept-encoding');
    expect(vectorsIn(decompress(answer.bytes).toString())).toHaveLength(16);
  });

  it('an answer goes out as it is to a client that asks for nothing', async () => {
    const answer = await post(texts);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(vectorsIn(answer.text)).toHaveLength(16);
  });

  it('an encoding that is not known is 415, broken gzip is 422', async () => {
    expect((await post(texts, { 'content-encoding': 'zstd' })).status).toBe(415);
    const cut = gzipSync(texts).subarray(0, 60);
    expect((await post(cut, { 'content-encoding': 'gzip' })).status).toBe(422);
  });

  it('a body that is no JSON by its type is 415', async () => {
    expect((await post(texts, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
  });
});

describe('bodies over the limit', () => {
  const bomb = Buffer.alloc(32 * bytesMax, ' ');
  it.each([
    ['gzip', gzipSync(bomb, { level: 1 })],
    ['br', brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('a %s bomb is 413 and never unfolded', async (encoding, packed) => {
    expect(packed.length).toBeLessThan(bytesMax);
    await serves(server);
    const before = residentMegabytes(server.pid);
    for (let time = 0; time < 5; time++) {
      expect((await post(packed, { 'content-encoding': encoding })).status).toBe(413);
    }
    expect(residentMegabytes(server.pid) - before).toBeLessThan(100);
  });

  it('a body at the limit is read, one byte more is 413 with a text that says what to do', async () => {
    const fit = `{"data":[]}${' '.repeat(bytesMax - 11)}`;
    expect((await post(fit)).status).toBe(200);
    const answer = await post(`${fit} `);
    expect(answer.status).toBe(413);
    expect(answer.json<{ detail: string }>().detail).toMatch(/larger than .*smaller/);
  });

  const head = 'POST /encode HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

  it('a body that announces too much is refused before any of it is sent, and its client is not waited for', async () => {
    const client = await RawConnection.to(server);
    await client.write(`${head}Content-Length: 1000000000000\r\n\r\n`);
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a body of unknown length is refused at the limit, while it is still being sent, and not kept', async () => {
    const client = await RawConnection.to(server);
    const before = residentMegabytes(server.pid);
    await client.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const pump = new Pump(
      2_000,
      intoConnection(client, () => chunk),
    );
    await eventually('the answer is there', () => client.text !== '');
    await pump.done;
    expect(client.text).toMatch(/^HTTP\/1\.1 413 /);
    expect(residentMegabytes(server.pid) - before).toBeLessThan(100);
    client.reset();
  });

  it('after all that the server serves', async () => {
    expect(await serves(server)).toBe(true);
  });
});

describe('many large bodies at once', () => {
  const REQUESTS = 200;
  let small: RunningServer;
  beforeAll(async () => {
    const env = { CAS_REQUEST_BYTES_MAX: '1MiB', CAS_IN_FLIGHT_BYTES_MAX: '8MiB', CAS_CACHE_BYTES_MAX: '0' };
    small = await startServer({ env });
  });
  afterAll(() => small?.stop());

  /**
   * What the Python client sends: many requests at a time, here of nearly a megabyte each, all of which it gives up at
   * one refusal.
   */
  const bulkRequest = (at: number) => ({
    header: { request_id: `bulk-${at}` },
    data: [{ id: `${at}`, text: `text ${at}`, tags: { fill: 'x'.repeat(900 * 1024) } }],
    exec_endpoint: '/encode',
  });
  const python = { 'user-agent': 'Python/3.10 aiohttp/3.14.5' };

  it('of the Python client are all answered, though they are many times what the server holds', async () => {
    await serves(small);
    const before = residentMegabytes(small.pid);
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, (_, at) => postJson(small.http('/encode'), bulkRequest(at), python)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(REQUESTS).fill(200));
    expect(residentMegabytes(small.pid) - before).toBeLessThan(400);
  });

  it('that never come to an end keep nobody from being served', async () => {
    const length = 900 * 1024;
    const uploads = await RawConnection.many(small, 50);
    const start = `POST /encode HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
    await Promise.all(uploads.map((client) => client.write(start + ' '.repeat(20_000))));
    for (let time = 0; time < 5; time++) expect(await serves(small)).toBe(true);
    const waiting = postJson(small.http('/encode'), bulkRequest(0));
    for (const client of uploads) client.reset();
    expect((await waiting).status).toBe(200);
  });
});
