import { once } from 'node:events';
import { credentials, loadPackageDefinition, status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { servedDefinitions } from '../grpc/definitions.js';
import { type RunningServer, startServer } from '../testing/running-server.js';

let server: RunningServer;
afterEach(() => server.app.close());

/** Calls Clip/Encode over a real connection and gives the failure that the client sees. */
async function failureOf(request: object): Promise<ServiceError> {
  const Clip = Reflect.get(Reflect.get(Reflect.get(loadPackageDefinition(servedDefinitions), 'clip'), 'v1'), 'Clip');
  const client = new Clip(`127.0.0.1:${server.port}`, credentials.createInsecure());
  try {
    return await new Promise((resolve) => client.Encode(request, (err: ServiceError) => resolve(err)));
  } finally {
    client.close();
  }
}

describe('createInferenceServer', () => {
  it('tells a gRPC caller what is wrong even when the reason quotes a word of any length', async () => {
    server = await startServer();
    const failure = await failureOf({ model: '日'.repeat(20_000), items: [{ text: 'a' }] });
    expect(failure.code).toBe(status.INVALID_ARGUMENT);
    expect(failure.details).toMatch(/^The model 日/);
  });

  it('sends a shutdown notice to a WebSocket client that goes on sending while the server closes', async () => {
    server = await startServer();
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`);
    await once(socket, 'open');
    const request = '{"data":[{"text":"a"}],"execEndpoint":"/encode"}';
    // Some answer is always still to come: the connection never comes to rest by itself.
    server.model.turnsOf = (submission) => 20 * (1 + (submission % 4));
    socket.on('message', () => socket.send(request));
    for (let count = 0; count < 4; count++) socket.send(request);
    await once(socket, 'message');
    const closed = once(socket, 'close');
    await server.app.close();
    expect((await closed)[0]).toBe(1001);
  });
});
