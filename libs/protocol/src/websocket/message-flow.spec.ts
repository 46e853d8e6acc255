import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { frame, RawWebSocket } from '../testing/raw-web-socket.js';
import { type RunningServer, startServer } from '../testing/running-server.js';

/** Small messages are those up to 250 kB; one caller gets 1 MB of the small and 3 MB of the large room. */
const LIMITS = { requestBytesMax: 1_000_000, inFlightBytesMax: 8_000_000 };
const LARGE = 900_000;
const ONE_CALLER = 3_000_000;

// Megabytes of JSON on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
const WAIT = { timeout: 50_000, interval: 10 };

let server: RunningServer;
const clients: RawWebSocket[] = [];
beforeEach(async () => {
  server = await startServer(LIMITS);
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await server.app.close();
});

async function open(from = '127.0.0.1', protocol = '', path = '/'): Promise<RawWebSocket> {
  const client = await RawWebSocket.open(server.port, { from, protocol, path });
  clients.push(client);
  return client;
}

/** A request of about `bytes` bytes. */
function request(bytes: number): string {
  return JSON.stringify({ data: [{ text: 'a', tags: { fill: 'x'.repeat(bytes) } }], execEndpoint: '/encode' });
}

const whole = frame(request(LARGE));

/** Waits until all messages under way hold so many bytes, which tells that the server has seen them. */
async function untilHeld(bytes: number): Promise<void> {
  await expect.poll(() => server.services.budget.held, WAIT).toBe(bytes);
}

/** Lets time go by as it does, second by second. */
function pass(seconds: number): void {
  for (let second = 0; second < seconds; second++) server.clock.advance(1_000);
}

/** Whether another caller gets an answer. */
async function serves(message = frame(request(10)), from = '127.0.0.99'): Promise<boolean> {
  const client = await open(from);
  await client.write(message);
  await expect.poll(() => client.answers, WAIT).toBe(1);
  client.socket.destroy();
  return true;
}

const outcomes = (): string[] => server.outcomes.map(({ protocol, outcome }) => `${protocol} ${outcome}`);

describe('a WebSocket message that stops half way', () => {
  const half = 'x'.repeat(50_000);
  it.each([
    ['a frame', [frame(half, { announced: LARGE })], half.length],
    ['a small frame', [frame('{"da', { announced: 100 })], 4],
    ['a frame of which only the head has come', [frame('', { announced: LARGE })], 0],
    ['a first fragment', [frame(half, { fin: false })], half.length],
    ['fragments of one byte', Array<Buffer>(5_000).fill(frame('x', { fin: false, opcode: 0 })), 5_001],
    ['fragments with a ping between them', [frame('x', { fin: false, opcode: 0 }), frame('', { opcode: 9 })], 2],
  ])('is given up after 120 seconds, with a code and a reason: %s', async (what, sent, bytes) => {
    for (const [protocol, opcode, code] of [
      ['json', 1, 1011],
      ['bytes', 2, 1011],
    ] as const) {
      const client = await open('127.0.0.1', protocol);
      const first = what.startsWith('fragments') ? [frame('x', { fin: false, opcode })] : [];
      await client.write(Buffer.concat([...first, ...sent]));
      await expect.poll(() => server.services.budget.held, WAIT).toBeGreaterThanOrEqual(Math.max(0, bytes - 4_096));
      expect(await serves()).toBe(true);
      pass(119);
      expect(client.end).toBeUndefined();
      pass(281);
      const end = await client.ended;
      expect(end).toEqual({ code, reason: expect.stringContaining('stopped half way') as unknown });
      expect(server.services.budget.held).toBe(0);
      expect(outcomes().filter((outcome) => outcome !== 'websocket ok')).toEqual(['websocket deadline_exceeded']);
      server.outcomes.splice(0);
    }
  });

  it('is another thing than a connection that is silent between its messages, or only sends pings', async () => {
    const client = await open();
    for (let at = 1; at <= 3; at++) {
      await client.write(frame(request(10)));
      await expect.poll(() => client.answers, WAIT).toBe(at);
      pass(400);
      await client.write(frame('still here', { opcode: 9 }));
    }
    expect(client.end).toBeUndefined();
    await client.write(frame('{}'));
    expect(await client.ended).toEqual({ code: 1000, reason: '' });
  });

  it('may come slowly as long as it comes', async () => {
    const client = await open();
    for (let at = 0; at < whole.length; at += 300_000) {
      await client.write(whole.subarray(at, at + 300_000));
      if (at + 300_000 > whole.length) break;
      await untilHeld(at + 300_000 - 14);
      pass(100);
    }
    await expect.poll(() => client.answers, WAIT).toBe(1);
    expect(client.end).toBeUndefined();
  });

  it('is not read on after it was given up, however much its client goes on to send', async () => {
    const client = await open();
    await client.write(frame(half, { announced: LARGE }));
    await untilHeld(half.length);
    pass(130);
    await client.ended;
    await client.write(whole);
    await client.write(frame(Buffer.alloc(0), { opcode: 8 }));
    expect(await serves()).toBe(true);
    expect(server.services.budget.held).toBe(0);
  });
});

describe('the budget for WebSocket messages', () => {
  const half = whole.subarray(0, LARGE / 2);

  it('holds of many half messages of one caller no more than its share, and reads on when some are gone', async () => {
    const crowd = await Promise.all(Array.from({ length: 20 }, () => open()));
    for (const client of crowd) void client.write(half);
    await expect.poll(() => server.services.budget.held, WAIT).toBeGreaterThan(ONE_CALLER / 2);
    expect(await serves()).toBe(true);
    expect(server.services.budget.held).toBeLessThanOrEqual(ONE_CALLER);
    for (const client of crowd) void client.write(whole.subarray(LARGE / 2));
    for (const client of crowd) await expect.poll(() => client.answers, WAIT).toBe(1);
    await untilHeld(0);
  });

  it.runIf(process.platform === 'linux')(
    'serves others, large and small, beside a caller that holds its share',
    async () => {
      const crowd = await Promise.all(Array.from({ length: 20 }, () => open('127.0.0.2')));
      for (const client of crowd) void client.write(half);
      await expect.poll(() => server.services.budget.held, WAIT).toBeGreaterThan(ONE_CALLER / 2);
      for (let time = 0; time < 3; time++) {
        expect(await serves(whole)).toBe(true);
        expect(await serves()).toBe(true);
      }
      expect(await serves(frame(request(10)), '127.0.0.2')).toBe(true);
    },
  );

  it.runIf(process.platform === 'linux')(
    'holds of slow senders what they have sent: a large message passes eight of them',
    async () => {
      for (let at = 2; at < 10; at++) await (await open(`127.0.0.${at}`)).write(whole.subarray(0, 3_000));
      await untilHeld(8 * (3_000 - 14));
      for (let time = 0; time < 3; time++) expect(await serves(whole)).toBe(true);
    },
  );

  it.runIf(process.platform === 'linux')(
    'gives up those that filled it and then trickle, as soon as somebody waits',
    async () => {
      const slow: RawWebSocket[] = [];
      for (let at = 2; at < 12; at++) {
        slow.push(await open(`127.0.0.${at}`));
        void slow.at(-1)?.write(whole.subarray(0, 600_014));
      }
      await expect.poll(() => server.services.budget.held, WAIT).toBeGreaterThan(5_000_000);
      let done = false;
      void serves(whole).then(() => (done = true));
      while (!done) {
        for (const { socket, end } of slow) if (!end && socket.writable) socket.write('x');
        expect(await serves()).toBe(true);
        pass(1);
      }
      const ends = slow.flatMap(({ end }) => end ?? []);
      expect(ends.length).toBeGreaterThan(0);
      for (const end of ends)
        expect(end).toEqual({ code: 1013, reason: expect.stringContaining('came too slowly') as unknown });
    },
  );

  it('counts a message until its answer is sent, and gives its room back however the connection ends', async () => {
    const endings: ((client: RawWebSocket) => void)[] = [
      ({ socket }) => socket.destroy(),
      ({ socket }) => socket.resetAndDestroy(),
      ({ socket }) => socket.end(),
      ({ socket }) => socket.end(frame('', { opcode: 8 })),
      ({ socket }) => socket.write(Buffer.of(0x87, 0x80, 1, 2, 3, 4)), // opcode 7 means nothing
    ];
    for (const end of endings) {
      const client = await open();
      await client.write(frame('x'.repeat(600_000), { fin: false }));
      await untilHeld(600_000);
      end(client);
      await untilHeld(0);
    }
  });

  it('gives the room of a connection back that is cut while it waits for room', async () => {
    const crowd = await Promise.all(Array.from({ length: 12 }, () => open()));
    for (const client of crowd) void client.write(half);
    await expect.poll(() => server.services.budget.held, WAIT).toBeGreaterThan(ONE_CALLER / 2);
    expect(await serves()).toBe(true);
    for (const { socket } of crowd) socket.resetAndDestroy();
    await untilHeld(0);
    expect(await serves(whole, '127.0.0.1')).toBe(true);
  });

  it('reads no further on a connection on which enough is worked on, and no time runs against its messages', async () => {
    await server.app.close();
    server = await startServer({ ...LIMITS, streamInFlightMax: 2 });
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    server.model.beforeAnswer = () => answered;
    const client = await open();
    await client.write(Buffer.concat(Array<Buffer>(5).fill(frame(request(1_000)))));
    await untilHeld(2 * request(1_000).length);
    pass(400);
    expect(client.end).toBeUndefined();
    answer();
    await expect.poll(() => client.answers, WAIT).toBe(5);
    await untilHeld(0);
  });

  it('bounds the open path too, which lasts for ten seconds', async () => {
    const client = await open('127.0.0.1', '', '/dry_run');
    await client.write(frame('x'.repeat(5_000), { fin: false }));
    await untilHeld(5_000);
    await client.write(frame('', { opcode: 0 }));
    expect(await client.ended).toEqual({ code: 1000, reason: '' });
    expect(server.services.budget.held).toBe(0);
  });
});

describe('messages of which nobody reads more than the outside', () => {
  it.each([
    ['of the wrong kind', 'json', frame('a', { opcode: 2 }), 1003, 'unsupported_media_type'],
    ['of the wrong kind for the Python client', 'bytes', frame('a'), 1011, 'unsupported_media_type'],
    ['too large', 'json', frame('', { announced: 1_000_001 }), 1009, 'request_too_large'],
    [
      'too large in fragments',
      'json',
      Buffer.concat([frame('x'.repeat(600_000), { fin: false }), frame('', { opcode: 0, announced: 600_000 })]),
      1009,
      'request_too_large',
    ],
    ['against the protocol', 'json', frame('a', { opcode: 3 }), 1002, 'invalid_argument'],
  ])('are counted once: one %s', async (_what, protocol, bytes, code, outcome) => {
    const client = await open('127.0.0.1', protocol);
    await client.write(bytes);
    expect(await client.ended).toMatchObject({ code });
    expect(server.outcomes).toMatchObject([{ protocol: 'websocket', operation: 'root', outcome, items: 0 }]);
    expect(server.services.budget.held).toBe(0);
  });
});
