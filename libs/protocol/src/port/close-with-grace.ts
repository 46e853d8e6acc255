import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Serves HTTP/2 connections: grpc-js's connection injector. */
export interface Http2Injector {
  injectConnection(socket: Socket): void;
  /** Sends GOAWAY to every HTTP/2 client now and destroys what is left after `graceMs`. */
  drain(graceMs: number): void;
}

/** What `closeWithGrace` needs to know of a server. */
export interface GraceOptions {
  /** Asked for at every connection: the gRPC server exists only once Nest has started it. */
  http2: () => Http2Injector | undefined;
  /** How long running requests may take to finish once the server closes, in milliseconds. */
  graceMs: number;
  /** How long no request has been under way, in milliseconds. */
  quietMs: () => number;
}

/** An answer that was just given is still on its way out for this long. */
const QUIET_MS = 500;

/**
 * Replaces `server.close` by one that ends idle connections, since Node waits for every socket. It sends GOAWAY to
 * HTTP/2 clients at once, closes idle HTTP/1.1 connections every 100 ms, closes open but idle gRPC streams once nothing
 * has been under way for half a second, and cuts everything that is left at the end of the grace time.
 */
export function closeWithGrace(server: Server, options: GraceOptions, undecided: ReadonlySet<Socket>): void {
  const close = server.close.bind(server);
  server.close = (callback) => {
    options.http2()?.drain(options.graceMs);
    for (const socket of undecided) socket.destroy();
    let isCut = false;
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      if (isCut || options.quietMs() < QUIET_MS) return;
      isCut = true;
      options.http2()?.drain(0);
    }, 100);
    const end = setTimeout(() => server.closeAllConnections(), options.graceMs);
    return close((err) => {
      clearInterval(sweep);
      clearTimeout(end);
      callback?.(err);
    });
  };
}
