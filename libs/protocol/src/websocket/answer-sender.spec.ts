import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeDataResponse } from '../codec/index.js';
import { frame, RawWebSocket } from '../testing/raw-web-socket.js';
import { type RunningServer, startServer } from '../testing/running-server.js';

// Megabytes of JSON on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
const WAIT = { timeout: 50_000, interval: 10 };

const REQUESTS = 40;
const FILL = 'x'.repeat(800_000);

let server: RunningServer;
let client: RawWebSocket;
beforeEach(async () => {
  server = await startServer({ requestBytesMax: 1_000_000, inFlightBytesMax: 8_000_000, streamInFlightMax: 4 });
});
afterEach(async () => {
  client.socket.destroy();
  await server.app.close();
});

/** A request whose answer holds all that it holds, as a frame of the sub-protocol. */
async function echo(protocol: string): Promise<Buffer> {
  const documents = [{ text: FILL }];
  if (protocol === 'json') return frame(JSON.stringify({ data: documents, execEndpoint: '/' }));
  const parts = { endpoint: '/', parameters: {}, hasParameters: false, routes: [] };
  // Requests and answers are the same message, so an answer's encoder writes requests too.
  return frame(await encodeDataResponse({ requestId: 'r', ...parts, documents }), { opcode: 2 });
}

/** Lets time go by as it does, second by second. */
function pass(seconds: number): void {
  for (let second = 0; second < seconds; second++) server.clock.advance(1_000);
}

/** Resolves once the server reads nothing more, since the client does not. */
async function untilStill(): Promise<void> {
  const { budget } = server.services;
  for (let before = ''; ;) {
    for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
    const now = `${server.outcomes.length} ${budget.held}`;
    if (now === before && (budget.held > 0 || client.answers === REQUESTS)) return;
    before = now;
  }
}

/** A client that has sent many requests and reads none of the answers. */
async function unread(protocol: string): Promise<void> {
  client = await RawWebSocket.open(server.port, { protocol });
  client.socket.pause();
  const message = await echo(protocol);
  for (let at = 0; at < REQUESTS; at++) void client.write(message);
  await untilStill();
}

describe.each(['json', 'bytes'])('answers that a client does not read, in %s', (protocol) => {
  it('hold the budget for as long as they wait, and keep the next requests from being read', async () => {
    await unread(protocol);
    expect(server.outcomes.length).toBeLessThan(REQUESTS);
    expect(server.services.budget.held).toBeGreaterThan(FILL.length);
    expect(server.services.budget.held).toBeLessThanOrEqual(3_000_000);
    client.socket.resume();
    await expect.poll(() => client.answers, WAIT).toBe(REQUESTS);
    await expect.poll(() => server.services.budget.held, WAIT).toBe(0);
  });

  it('are given up after ten minutes, with a code and a reason', async () => {
    await unread(protocol);
    pass(599);
    expect(server.outcomes.length).toBeLessThan(REQUESTS);
    pass(2);
    client.socket.resume();
    expect(await client.ended).toEqual({
      code: 1011,
      reason: expect.stringContaining('not read for 10 minutes') as unknown,
    });
    expect(client.answers).toBeLessThan(REQUESTS);
    await expect.poll(() => server.services.budget.held, WAIT).toBe(0);
  });

  it('may be read slowly', async () => {
    await unread(protocol);
    for (let round = 0; round < 2 && client.answers < REQUESTS; round++) {
      pass(500);
      const { answers } = client;
      client.socket.resume();
      await expect.poll(() => client.answers, WAIT).toBeGreaterThan(answers);
      client.socket.pause();
      await untilStill();
    }
    client.socket.resume();
    await expect.poll(() => client.answers, WAIT).toBe(REQUESTS);
    expect(client.end).toBeUndefined();
  });
});

it('an idle connection is not given up for answers that it has read', async () => {
  client = await RawWebSocket.open(server.port, { protocol: 'json' });
  for (let answers = 1; answers < 3; answers++) {
    void client.write(await echo('json'));
    await expect.poll(() => client.answers, WAIT).toBe(answers);
    pass(1_000);
  }
  expect(client.end).toBeUndefined();
});
