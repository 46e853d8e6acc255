import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection } from '../e2e/support/raw-connection.js';
import { serves } from '../e2e/support/server-process.js';
import { startServer, type RunningServer } from '../support/server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(await serves(server)).toBe(true);
  await server.stop();
});

/** A request that a proxy might see as the body of the one before it. */
const HIDDEN = 'GET /status HTTP/1.1\r\nHost: hidden\r\n\r\n';
const CHUNKS = `0\r\n\r\n${HIDDEN}`;

/** All that came back for these lines of a head and this body. */
async function answersTo(lines: readonly string[], body: string): Promise<string> {
  const client = await RawConnection.to(server);
  const head = ['POST /encode HTTP/1.1', 'Host: a', 'Content-Type: application/json', ...lines].join('\r\n');
  await client.write(Buffer.from(`${head}\r\n\r\n${body}`, 'latin1'));
  return client.untilClosed();
}

/**
 * Two readings of where a body ends: a proxy in front may take the other one, and hand over somebody else's request.
 */
describe('a request whose length can be read in two ways gets one refusal, and nothing behind it is read', () => {
  it.each<[string, string[], string]>([
    ['a length and chunks', [`Content-Length: ${CHUNKS.length}`, 'Transfer-Encoding: chunked'], CHUNKS],
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 5'], CHUNKS],
    ['two lengths', ['Content-Length: 0', `Content-Length: ${HIDDEN.length}`], HIDDEN],
    ['two lengths in one line', [`Content-Length: 0, ${HIDDEN.length}`], HIDDEN],
    ['a length with a sign', ['Content-Length: +0'], HIDDEN],
    ['a negative length', ['Content-Length: -1'], HIDDEN],
    ['a length in hexadecimal', ['Content-Length: 0x0'], HIDDEN],
    ['a length with a fraction', ['Content-Length: 0.0'], HIDDEN],
    ['a blank before the colon of a length', ['Content-Length : 0'], HIDDEN],
    ['a blank before the colon of chunks', ['Transfer-Encoding : chunked'], CHUNKS],
    ['an encoding that is almost chunked', ['Transfer-Encoding: xchunked'], CHUNKS],
    ['chunked that is not the last encoding', ['Transfer-Encoding: chunked, identity'], CHUNKS],
    ['a control character before chunked', ['Transfer-Encoding: \x0bchunked'], CHUNKS],
    ['a name with a control character', ['Transfer-Encoding\x00: chunked'], CHUNKS],
    ['a folded header', ['Transfer-Encoding:', ' chunked', 'Content-Length: 5'], CHUNKS],
    ['a bare line feed between headers', ['X: a\nTransfer-Encoding: chunked'], CHUNKS],
    ['a bare carriage return in a header', ['X: a\rTransfer-Encoding: chunked'], CHUNKS],
  ])('%s', async (_what, lines, body) => {
    const answers = await answersTo(lines, body);
    expect(answers).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answers.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it.each([
    ['a size with a sign', '+0\r\n\r\n'],
    ['a size with a prefix', '0x0\r\n\r\n'],
    ['a size that is none', 'z\r\n\r\n'],
    ['a size beyond all numbers', `${'f'.repeat(17)}\r\n\r\n`],
    ['a chunk longer than its size', '1\r\n{}\r\n0\r\n\r\n'],
    ['a bare line feed after a size', '0\n\n'],
  ])('a chunk with %s', async (_what, chunks) => {
    const answers = await answersTo(['Transfer-Encoding: chunked'], chunks + HIDDEN);
    expect(answers).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answers.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });
});
