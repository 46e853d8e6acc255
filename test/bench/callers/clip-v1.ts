import { Client, credentials } from '@grpc/grpc-js';
import { caller, turns, type Caller, type Requests } from './caller.js';
import { checkEncoded, encodeRequests } from './encode-message.js';
import { asIs, bytesMethod, channelOptions } from './definitions.js';

const { path } = bytesMethod('clip.v1.Clip', 'Encode');

/** `clip.v1.Clip/Encode`: a unary call per request. */
export function clipV1(requests: Requests): (port: number) => Promise<Caller> {
  const messages = encodeRequests(requests);
  return async (port) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), channelOptions);
    const next = turns(messages.length);
    const send = (): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(path, asIs, asIs, messages[next()]!, (err, answer) => {
          if (err || !answer) reject(err ?? new Error('no answer'));
          else resolve(answer);
        });
      });
    return caller({ send, check: (answer) => checkEncoded(answer, requests), close: () => client.close() });
  };
}
