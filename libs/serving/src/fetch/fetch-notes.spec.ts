import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock, RequestTrace } from '#core';
import type { FetchEvent } from './fetch-notes.js';
import { ImageFetcher, type ImageFetcherOptions } from './image-fetcher.js';

/** Requests that wait for the test to answer them, by path. */
const held = new Map<string, PromiseWithResolvers<ServerResponse>>();
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://any');
  if (pathname === '/image') response.end('12345');
  else if (pathname === '/moved') response.writeHead(302, { location: `http://127.0.0.1:${port()}/image` }).end();
  else if (pathname === '/round') response.writeHead(302, { location: '/round' }).end();
  else if (pathname.startsWith('/held')) heldAt(pathname).resolve(response);
  else response.writeHead(404).end();
});
let folder: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  folder = await mkdtemp(join(tmpdir(), 'fetch-notes-'));
  await writeFile(join(folder, 'secret-name.png'), '123');
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

function port(): number {
  return (server.address() as AddressInfo).port;
}

function heldAt(path: string): PromiseWithResolvers<ServerResponse> {
  const known = held.get(path) ?? Promise.withResolvers<ServerResponse>();
  held.set(path, known);
  return known;
}

/** Lets a fetch begin to wait for its turn. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A fetcher on a clock turned by hand, and what it notes. */
function aFetcher(changes: Partial<ImageFetcherOptions> = {}) {
  const clock = new ManualClock();
  const events: FetchEvent[] = [];
  const observer = { onFetch: (event: FetchEvent) => events.push(event) };
  const trace = new RequestTrace({ traceId: 'a', spanId: 'b', sampled: true }, undefined, 'a-request');
  const limits = { allowPrivate: true, bytesMax: 1_000, timeoutMs: 5_000, concurrencyMax: 8 };
  const fetcher = new ImageFetcher({ ...limits, clock, observer, ...changes });
  const fetch = (uri: string, signal = new AbortController().signal) =>
    fetcher.resolve(uri, { principalId: 'someone', signal, trace }).catch((thrown: unknown) => thrown);
  return { clock, events, trace, fetch };
}

describe('a fetch that is traced', () => {
  it('is a part of its request: the host, the answer and the size, and no path, query or login', async () => {
    const { fetch, trace, events } = aFetcher();
    await fetch(`http://127.0.0.1:${port()}/image?signature=secret`);
    expect(trace.parts).toEqual([
      {
        ...{ name: 'fetch', kind: 'client', startMs: 0, endMs: 0 },
        attributes: {
          'url.scheme': 'http',
          'server.address': '127.0.0.1',
          'http.response.status_code': 200,
          'clip.fetch.redirects': 0,
          'clip.fetch.bytes': 5,
        },
      },
    ]);
    expect(events).toEqual([{ scheme: 'http', outcome: 'ok', durationMs: 0, waitMs: 0 }]);
  });

  it('names the host that it was redirected to, and how often it was', async () => {
    const { fetch, trace } = aFetcher();
    await fetch(`http://localhost:${port()}/moved`);
    expect(trace.parts).toMatchObject([
      { attributes: { 'server.address': '127.0.0.1', 'clip.fetch.redirects': 1, 'http.response.status_code': 200 } },
    ]);
  });

  it('is not traced and not counted when it is a data URI', async () => {
    const { fetch, trace, events } = aFetcher();
    await fetch('data:;base64,AAAA');
    await fetch('data:nothing');
    expect([trace.parts, events]).toEqual([[], []]);
  });

  it('says of a file only that it is one', async () => {
    const { fetch, trace } = aFetcher({ fileRoot: folder });
    await fetch('secret-name.png');
    expect(trace.parts).toEqual([
      {
        ...{ name: 'fetch', kind: 'internal', startMs: 0, endMs: 0 },
        attributes: { 'url.scheme': 'file', 'clip.fetch.bytes': 3 },
      },
    ]);
  });

  it.each<[string, string, string, () => string]>([
    ['refused', 'fetch_refused', 'credentials', () => `http://user:secret@127.0.0.1:${port()}/image`],
    ['refused', 'fetch_refused', 'port', () => 'http://127.0.0.1:25/'],
    ['refused', 'fetch_refused', 'malformed', () => 'http://:0:/'],
    ['refused', 'fetch_refused', 'scheme', () => 'ftp://127.0.0.1/secret'],
    ['refused', 'fetch_refused', 'files_off', () => '/secret/path'],
    ['failed', 'fetch_failed', 'status', () => `http://127.0.0.1:${port()}/none`],
    ['failed', 'fetch_failed', 'redirect', () => `http://127.0.0.1:${port()}/round`],
    ['failed', 'fetch_failed', 'connection', () => 'http://127.0.0.1:2/'],
  ])('that is %s says so: %s, %s', async (outcome, error, reason, uri) => {
    const { fetch, trace, events } = aFetcher();
    await fetch(uri());
    expect(trace.parts).toMatchObject([{ error, attributes: { 'clip.fetch.reason': reason } }]);
    expect(events).toMatchObject([{ outcome, reason }]);
    expect(JSON.stringify(trace.parts)).not.toContain('secret');
  });

  it.each([
    ['urls_off', { urlsAllowed: false }],
    ['private_address', { allowPrivate: false }],
    ['file_outside', { fileRoot: tmpdir() }],
  ] as const)('that the operator does not allow is refused as %s', async (reason, changes) => {
    const { fetch, events } = aFetcher(changes);
    await fetch(reason === 'file_outside' ? '/' : `http://127.0.0.1:${port()}/image`);
    expect(events).toMatchObject([{ outcome: 'refused', reason }]);
  });

  it('that takes too long says for how long', async () => {
    const { fetch, trace, events, clock } = aFetcher();
    const fetched = fetch(`http://127.0.0.1:${port()}/held-for-ever`);
    await heldAt('/held-for-ever').promise;
    clock.advance(5_000);
    await fetched;
    expect(events).toEqual([{ scheme: 'http', outcome: 'timeout', reason: 'timeout', durationMs: 5_000, waitMs: 0 }]);
    expect(trace.parts).toMatchObject([{ startMs: 0, endMs: 5_000, error: 'fetch_failed' }]);
  });

  it('says for how long it waited for its turn', async () => {
    const { fetch, trace, events, clock } = aFetcher({ concurrencyPerHostMax: 1 });
    const first = fetch(`http://127.0.0.1:${port()}/held-first`);
    const response = await heldAt('/held-first').promise;
    const second = fetch(`http://127.0.0.1:${port()}/image`);
    await turnOfTheLoop();
    clock.advance(700);
    response.end('1');
    await Promise.all([first, second]);
    expect(events).toMatchObject([
      { durationMs: 700, waitMs: 0 },
      { durationMs: 700, waitMs: 700 },
    ]);
    expect(trace.parts.map(({ attributes }) => attributes?.['clip.fetch.wait_ms'])).toEqual([undefined, 700]);
  });

  it('whose caller goes away while it waits is traced with its wait, and counted nowhere', async () => {
    const { fetch, trace, events, clock } = aFetcher({ concurrencyPerHostMax: 1 });
    void fetch(`http://127.0.0.1:${port()}/held-second`);
    await heldAt('/held-second').promise;
    const caller = new AbortController();
    const waiting = fetch(`http://127.0.0.1:${port()}/image`, caller.signal);
    await turnOfTheLoop();
    clock.advance(300);
    caller.abort();
    await waiting;
    expect(trace.parts).toMatchObject([{ error: 'cancelled', attributes: { 'clip.fetch.wait_ms': 300 } }]);
    expect(events).toEqual([]);
  });
});
