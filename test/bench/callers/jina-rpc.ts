import { Client, credentials } from '@grpc/grpc-js';
import { caller, turns, type Caller, type Requests } from './caller.js';
import { asIs, bytesMethod, channelOptions } from './definitions.js';
import { checkDocuments, documentMessages } from './document-message.js';

const method = bytesMethod('jina.JinaRPC', 'Call');

/** `jina.JinaRPC/Call`: one stream a client for the whole load, the next request when the last one is answered. */
export function jinaRpc(requests: Requests): (port: number) => Promise<Caller> {
  const messages = documentMessages(requests);
  return async (port) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), channelOptions);
    const stream = client.makeBidiStreamRequest(method.path, asIs, asIs);
    const next = turns(messages.length);
    let settle: { resolve(answer: Buffer): void; reject(err: Error): void } | undefined;
    stream.on('data', (answer: Buffer) => settle?.resolve(answer));
    stream.on('error', (err: Error) => settle?.reject(err));
    const send = (): Promise<Buffer> => {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      settle = { resolve, reject };
      stream.write(messages[next()]!);
      return promise;
    };
    return caller(requests, {
      send,
      check: (answer) => checkDocuments(answer, requests),
      close() {
        stream.cancel();
        client.close();
      },
    });
  };
}
