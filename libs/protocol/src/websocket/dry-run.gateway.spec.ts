import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { buildServices } from '../testing/sample-services.js';
import { DryRunGateway } from './dry-run.gateway.js';

it('ends a line on which nobody asks anything', async () => {
  const { services, clock } = buildServices();
  const gateway = new DryRunGateway(services.state, services.budget, services.clock);
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const seen = new Promise<void>((resolve) => {
    server.on('connection', (socket, upgrade) => {
      gateway.handleConnection(socket, upgrade);
      resolve();
    });
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/dry_run`);
  await Promise.all([once(client, 'open'), seen]);
  const closed = once(client, 'close');
  clock.advance(10_000);
  await closed;
  server.close();
  expect(client.readyState).toBe(WebSocket.CLOSED);
});
