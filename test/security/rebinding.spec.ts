import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFetcher, buildInternetFetcher, errorOf, untilDone } from './support/fetcher.js';
import { startServer, type HostileServer } from './support/hostile-server.js';

let outer: HostileServer;
const reached: (string | undefined)[] = [];

beforeAll(async () => {
  outer = await startServer((req, res) => {
    reached.push(req.socket.localAddress);
    res.setHeader('connection', 'close').end('image');
  }, '0.0.0.0');
});

afterAll(() => outer.close());

/** A name server under the attacker's control: one answer after the other, the last one for ever. */
function rebinding(...answers: string[][]) {
  let asked = 0;
  return {
    asked: () => asked,
    resolveHost: () => {
      asked += 1;
      return Promise.resolve(answers[Math.min(asked, answers.length) - 1] ?? []);
    },
  };
}

describe('a name that changes its address', () => {
  it('is connected to at the address that was checked, by one look-up', async () => {
    const names = rebinding(['127.0.0.1'], ['127.0.0.2']);
    const fetcher = buildInternetFetcher({ resolveHost: names.resolveHost });
    await fetcher.resolve(`http://rebind.test:${outer.port}/`, untilDone);
    expect(names.asked()).toBe(1);
    expect(reached).toEqual(['127.0.0.1']);
    await fetcher.close();
  });

  it('is checked again at the next connection', async () => {
    const names = rebinding(['127.0.0.1'], ['127.0.0.2']);
    const fetcher = buildInternetFetcher({ resolveHost: names.resolveHost });
    await fetcher.resolve(`http://rebind.test:${outer.port}/`, untilDone);
    const connections = outer.connections();
    const error = await errorOf(fetcher.resolve(`http://rebind.test:${outer.port}/`, untilDone));
    expect(error.code).toBe('fetch_refused');
    expect(outer.connections()).toBe(connections);
    await fetcher.close();
  });

  it('is refused when it answers loopback where it answered a public address before', async () => {
    const names = rebinding(['127.0.0.1'], ['93.184.216.34', '127.0.0.1']);
    await names.resolveHost();
    const fetcher = buildFetcher({ resolveHost: names.resolveHost });
    const connections = outer.connections();
    const error = await errorOf(fetcher.resolve(`http://rebind.test:${outer.port}/`, untilDone));
    expect(error.code).toBe('fetch_refused');
    expect(outer.connections()).toBe(connections);
    await fetcher.close();
  });

  it('is reached where it was checked for as long as its connection is kept', async () => {
    const names = rebinding(['127.0.0.1'], ['127.0.0.2']);
    const kept = await startServer((_req, res) => res.end('image'), '0.0.0.0');
    const fetcher = buildInternetFetcher({ resolveHost: names.resolveHost, concurrencyPerHostMax: 1 });
    for (let at = 0; at < 3; at += 1) await fetcher.resolve(`http://rebind.test:${kept.port}/`, untilDone);
    expect(kept.requests.map((req) => req.socket.localAddress)).toEqual(Array(3).fill('127.0.0.1'));
    expect([names.asked(), kept.connections()]).toEqual([1, 1]);
    await fetcher.close();
    await kept.close();
  });

  it('gets no connection of another name, though that name has its address', async () => {
    const names = rebinding(['127.0.0.1'], ['127.0.0.2']);
    const kept = await startServer((_req, res) => res.end('image'), '0.0.0.0');
    const fetcher = buildInternetFetcher({ resolveHost: names.resolveHost });
    await fetcher.resolve(`http://first.test:${kept.port}/`, untilDone);
    const error = await errorOf(fetcher.resolve(`http://second.test:${kept.port}/`, untilDone));
    expect(error.code).toBe('fetch_refused');
    expect(kept.connections()).toBe(1);
    await fetcher.close();
    await kept.close();
  });

  it('is checked again when it redirects to itself', async () => {
    const names = rebinding(['127.0.0.1'], ['127.0.0.2']);
    const hops = await startServer((_req, res) => {
      res.writeHead(302, { location: '/again', connection: 'close' }).end();
    }, '0.0.0.0');
    const fetcher = buildInternetFetcher({ resolveHost: names.resolveHost });
    const error = await errorOf(fetcher.resolve(`http://rebind.test:${hops.port}/`, untilDone));
    expect(error.code).toBe('fetch_refused');
    expect(hops.requests).toHaveLength(1);
    await fetcher.close();
    await hops.close();
  });
});
