import { Client, credentials } from '@grpc/grpc-js';
import { caller, turns, type Caller, type Requests } from './caller.js';
import { asIs, bytesMethod, channelOptions } from './definitions.js';
import { checkEncoded, encodeRequests } from './encode-message.js';

const { path } = bytesMethod('clip.v1.Clip', 'EncodeStream');

interface Waiting {
  resolve(answer: Buffer): void;
  reject(err: Error): void;
}

/** `clip.v1.Clip/EncodeStream`: one stream a client; any number of calls may be under way on it. */
export function encodeStream(requests: Requests): (port: number) => Promise<Caller> {
  const messages = encodeRequests(requests);
  return async (port) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), channelOptions);
    const stream = client.makeBidiStreamRequest(path, asIs, asIs);
    const next = turns(messages.length);
    const waiting = new Map<string, Waiting>();
    let sent = 0;
    stream.on('data', (answer: Buffer) => settle(waiting, answer));
    stream.on('error', (err: Error) => waiting.forEach(({ reject }) => reject(err)));
    const send = (): Promise<Buffer> => {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      const id = String(sent++);
      waiting.set(id, { resolve, reject });
      stream.write(Buffer.concat([ID_FIELD, Buffer.from([id.length]), Buffer.from(id), messages[next()]!]));
      return promise;
    };
    return caller(requests, {
      send,
      check: (answer) => checkEncoded(answer, requests),
      close() {
        stream.cancel();
        client.close();
      },
    });
  };
}

/**
 * Field 1, a string, of both messages; fields may come in any order, so it can be put before a message made earlier.
 */
const ID_FIELD = Buffer.from([0x0a]);

/** Reads no more than the id, which our server writes first. */
function settle(waiting: Map<string, Waiting>, answer: Buffer): void {
  const id = answer.subarray(2, 2 + (answer[1] ?? 0)).toString('latin1');
  const found = answer[0] === ID_FIELD[0] ? waiting.get(id) : undefined;
  if (!found) return waiting.forEach(({ reject }) => reject(new Error('An answer on the stream names no request.')));
  waiting.delete(id);
  found.resolve(answer);
}
