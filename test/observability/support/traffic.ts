import { once } from 'node:events';
import { kill } from 'node:process';
import { WebSocket } from 'ws';
import type { RunningServer } from '../../support/server.js';
import { picture } from '../../e2e/support/fixtures.js';
import { grpcClient, unary } from '../../e2e/support/grpc-clients.js';
import { postJson } from '../../e2e/support/http-call.js';
import { eventually, metric, replicasOf } from '../../e2e/support/server-process.js';

const PNG = picture('count-1.png');
/** A replica takes the items of a few requests before it stands still. */
const REQUESTS_OVER = 8;
const texts = ['a photo of a cat', 'a photo of a dog'];

/** Texts and pictures over every protocol, one of each kind of failure that callers can cause, and fetches. */
export async function sendTraffic(server: RunningServer, imageUrl: string): Promise<void> {
  const embeddings = server.http('/v1/embeddings');
  await postJson(embeddings, { input: [...texts, { image: PNG.toString('base64') }] });
  await postJson(embeddings, { input: [{ image: imageUrl }] });
  await postJson(embeddings, { input: [{ image: imageUrl.replace('http:', 'ftp:') }] });
  await postJson(embeddings, { input: [{ image: imageUrl.replace(/:\d+/, ':1') }] });
  await postJson(embeddings, { input: 'x', model: 'nosuch' });
  await postJson(server.http('/v1/rank'), { image: PNG.toString('base64'), candidates: texts });
  const client = grpcClient('clip.v1.Clip', server.target);
  await unary(client, 'Encode', { items: [{ text: 'one' }, { image: PNG }] });
  client.close();
  const socket = new WebSocket(server.ws());
  await once(socket, 'open');
  socket.send(JSON.stringify({ data: texts.map((text) => ({ text })), exec_endpoint: '/encode' }));
  socket.send('{}');
  await once(socket, 'close');
}

/** More requests than the queue takes, while the replicas stand still: the service's own failure. */
export async function overfillQueue(server: RunningServer, itemsMax: number): Promise<void> {
  const replicas = replicasOf(server);
  for (const pid of replicas) kill(pid, 'SIGSTOP');
  const askOnce = async (request: number): Promise<number> => {
    const input = Array.from({ length: itemsMax }, (_, at) => `text ${at} of request ${request}`);
    return (await postJson(server.http('/v1/embeddings'), { input })).status;
  };
  const asked = Array.from({ length: REQUESTS_OVER }, (_, request) => askOnce(request));
  await Promise.race(asked);
  for (const pid of replicas) kill(pid, 'SIGCONT');
  await Promise.all(asked);
}

/** Kills the replicas, and waits until others serve. */
export async function killReplicas(server: RunningServer): Promise<void> {
  const before = await metric(server, 'clip_replica_restarts_total');
  for (const pid of replicasOf(server)) kill(pid, 'SIGKILL');
  await eventually('a replica serves again', async () => {
    const restarts = await metric(server, 'clip_replica_restarts_total');
    return restarts > before && (await metric(server, 'clip_replica_up')) > 0;
  });
}
