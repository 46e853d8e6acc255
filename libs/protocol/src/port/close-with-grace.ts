import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { SharedPortOptions } from './shared-port-options.js';

/** An answer that was just given is still on its way out for this long. */
const QUIET_MS = 500;

/**
 * On one port, closing the server waits for every socket, also for idle gRPC ones, so close has to say goodbye to them:
 * GOAWAY at once, idle HTTP connections now and again, gRPC streams that are open but idle once nothing has been under way
 * for a moment, everything that is left at the end of the grace time.
 */
export function closeWithGrace(server: Server, options: SharedPortOptions, undecided: ReadonlySet<Socket>): void {
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
