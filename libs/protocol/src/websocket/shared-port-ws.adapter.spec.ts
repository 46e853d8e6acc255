import { once } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from '../testing/running-server.js';

afterEach(() => void vi.restoreAllMocks());

it('leaves messages to the connection: nothing else parses them, as a whole and before they are bounded', async () => {
  const server = await startServer();
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`);
  await once(socket, 'open');
  const parse = vi.spyOn(JSON, 'parse');
  const message = '{"data":[{"text":"a cat"},{"text":"a dog"}],"execEndpoint":"/encode"}';
  socket.send(message);
  await once(socket, 'message');
  expect(parse.mock.calls.map(([text]) => text)).not.toContain(message);
  socket.terminate();
  await server.app.close();
});
