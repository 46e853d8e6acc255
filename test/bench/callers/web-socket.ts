import { once } from 'node:events';
import { WebSocket } from 'ws';
import { turns, type Caller, type Requests } from './caller.js';
import { checkDocuments, documentMessages, isFailure } from './document-message.js';

/** WebSocket with the sub-protocol `bytes`: one connection a client, the next frame when the last one is answered. */
export function webSocket(requests: Requests): (port: number) => Promise<Caller> {
  const messages = documentMessages(requests);
  return async (port) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, 'bytes', { perMessageDeflate: false });
    await once(socket, 'open');
    const next = turns(messages.length);
    let settle: { resolve(answer: Buffer): void; reject(err: Error): void } | undefined;
    socket.on('message', (answer: Buffer) => settle?.resolve(answer));
    socket.on('close', (code) => settle?.reject(new Error(`The WebSocket was closed with ${code}.`)));
    const call = async (): Promise<Buffer> => {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      settle = { resolve, reject };
      socket.send(messages[next()]!);
      const answer = await promise;
      if (isFailure(answer)) throw new Error('The WebSocket answered with a failure.');
      return answer;
    };
    checkDocuments(await call(), requests);
    return { call: async () => void (await call()), close: () => socket.terminate() };
  };
}
