import { once } from 'node:events';
import { WebSocket } from 'ws';
import { caller, turns, type Caller, type Requests } from './caller.js';
import { checkDocuments, documentMessages } from './document-message.js';

/** WebSocket with the sub-protocol `bytes`: one connection a client, the next frame when the last one is answered. */
export function webSocket(requests: Requests): (port: number) => Promise<Caller> {
  const messages = documentMessages(requests);
  return async (port) => {
    const socket = await connected(port);
    const next = turns(messages.length);
    let settle: { resolve(answer: Buffer): void; reject(err: Error): void } | undefined;
    socket.on('message', (answer: Buffer) => settle?.resolve(answer));
    socket.on('close', (code) => settle?.reject(new Error(`The WebSocket was closed with ${code}.`)));
    const send = (): Promise<Buffer> => {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      settle = { resolve, reject };
      socket.send(messages[next()]!);
      return promise;
    };
    return caller(requests, {
      send,
      check: (answer) => checkDocuments(answer, requests),
      close: () => socket.terminate(),
    });
  };
}

/**
 * Our server confirms the sub-protocol, as it should; the Python server does not, and then `ws` must not have asked for
 * one.
 */
async function connected(port: number): Promise<WebSocket> {
  const address = `ws://127.0.0.1:${port}/`;
  const asked = new WebSocket(address, 'bytes', { perMessageDeflate: false });
  const failure = await once(asked, 'open').then(() => undefined, messageOf);
  if (failure === undefined) return asked;
  if (failure !== 'Server sent no subprotocol') throw new Error(failure);
  const headers = { 'sec-websocket-protocol': 'bytes' };
  const silent = new WebSocket(address, { perMessageDeflate: false, headers });
  await once(silent, 'open');
  return silent;
}

function messageOf(err: unknown): string {
  return err instanceof Error ? err.message : String(err);
}
