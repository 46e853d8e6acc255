import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../testing/running-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.app.close());

describe('GET /health', () => {
  it.each([
    [true, 200, 'ok'],
    [false, 503, 'unavailable'],
  ])('says whether the default model can answer, and nothing else: %s', async (isReady, status, word) => {
    server.model.isReady = isReady;
    const answer = await fetch(`http://127.0.0.1:${server.port}/health`);
    expect([answer.status, await answer.json()]).toEqual([status, { status: word }]);
    const head = await fetch(`http://127.0.0.1:${server.port}/health/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([status, '']);
  });
});
