import { Client, credentials } from '@grpc/grpc-js';
import { caller, turns, type Caller, type Requests } from './caller.js';
import { checkEncoded, encodeRequests } from './encode-message.js';
import { asIs, bytesMethod, channelOptions } from './definitions.js';

const { path } = bytesMethod('clip.v1.Clip', 'Encode');

const CONNECTS_WITHIN_MS = 30_000;

/**
 * `clip.v1.Clip/Encode`: a unary call per request. Connected from the start, since at a slow pace no warm-up reaches
 * every client.
 */
export function clipV1(requests: Requests): (port: number) => Promise<Caller> {
  const messages = encodeRequests(requests);
  return async (port) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), channelOptions);
    await connected(client);
    const next = turns(messages.length);
    const send = (): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(path, asIs, asIs, messages[next()]!, (err, answer) => {
          if (err || !answer) reject(err ?? new Error('no answer'));
          else resolve(answer);
        });
      });
    return caller(requests, { send, check: (answer) => checkEncoded(answer, requests), close: () => client.close() });
  };
}

function connected(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.waitForReady(Date.now() + CONNECTS_WITHIN_MS, (err) => (err ? reject(err) : resolve()));
  });
}
