import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { closeWithGrace } from './close-with-grace.js';
import { cutStalledRequests } from './cut-stalled.js';
import { awaitFirstBytes } from './first-bytes.js';
import type { Http2Taker, SharedPortOptions } from './shared-port-options.js';
import { followTls, tlsOptions, type TlsSource } from './tls-source.js';

/**
 * One HTTP server that also takes gRPC: a router stands in the place of Node's own connection listener and gives HTTP/2
 * connections to grpc-js. It remains the server that Nest listens on and closes. Under TLS, ALPN decides (http/1.1 first,
 * so that browsers and curl get HTTP/1.1 and gRPC, which offers h2 only, gets HTTP/2).
 */
export function createSharedPort(options: SharedPortOptions, handler: http.RequestListener): http.Server {
  const timeouts: http.ServerOptions = {
    headersTimeout: 10_000,
    requestTimeout: 0, // see cutStalledRequests
    keepAliveTimeout: 75_000,
    connectionsCheckingInterval: 1_000,
    // WebSockets have no time limit: without probes a client that vanished without a word is kept for ever.
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    shouldUpgradeCallback: (req) => req.headers.upgrade?.toLowerCase() === 'websocket',
  };
  const server = options.tls
    ? secureServer(options, options.tls, timeouts, handler)
    : plainServer(options, timeouts, handler);
  server.on('clientError', refuseBadRequest);
  cutStalledRequests(server, { ...options, giveUp });
  return server;
}

function plainServer(
  options: SharedPortOptions,
  timeouts: http.ServerOptions,
  handler: http.RequestListener,
): http.Server {
  const server = http.createServer(timeouts, handler);
  const serveHttp1 = takeListener(server, 'connection');
  const undecided = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    undecided.add(socket);
    const handOver = (spoken: 'http1' | 'http2'): void => {
      if (spoken === 'http1') return serveHttp1(socket);
      // http.Server's sockets are half-open; C-core clients end with FIN and would leave the descriptor behind.
      socket.allowHalfOpen = false;
      giveToHttp2(socket, options.http2());
    };
    awaitFirstBytes(socket, options.firstByteMsMax, handOver, () => undecided.delete(socket));
  });
  closeWithGrace(server, options, undecided);
  return server;
}

function secureServer(
  options: SharedPortOptions,
  tls: TlsSource,
  timeouts: http.ServerOptions,
  handler: http.RequestListener,
): http.Server {
  const server = https.createServer(
    {
      ...timeouts,
      ...tlsOptions(tls.material),
      handshakeTimeout: 10_000,
      ALPNCallback: ({ protocols }) => ['http/1.1', 'h2'].find((offered) => protocols.includes(offered)),
    },
    handler,
  );
  followTls(server, tls);
  const serveHttp1 = takeListener(server, 'secureConnection');
  const secured = new Set<TLSSocket>();
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol !== 'h2') return serveHttp1(socket);
    secured.add(socket);
    socket.once('close', () => secured.delete(socket));
    giveToHttp2(socket, options.http2());
  });
  reapDeadTlsSockets(server, secured);
  closeWithGrace(server, options, new Set());
  return server;
}

function giveToHttp2(socket: Socket, taker: Http2Taker | undefined): void {
  if (taker) taker.injectConnection(socket);
  else socket.destroy();
}

/** Removes the server's own listener of `event` and returns it, to be called for the sockets that are its own. */
function takeListener(server: http.Server, event: 'connection' | 'secureConnection'): (socket: Socket) => void {
  const [own] = server.listeners(event);
  if (typeof own !== 'function') throw new Error(`node:http no longer listens to "${event}"`);
  server.removeAllListeners(event);
  return (socket) => void Reflect.apply(own, server, [socket]);
}

/** Garbage, a TLS hello on a plain port, oversized headers: one short answer, then the line is cut. */
function refuseBadRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  answerAndCut(socket, error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : status);
}

/** A request of which nothing more comes. One that was answered already gets no second answer. */
function giveUp(req: http.IncomingMessage, res: http.ServerResponse): void {
  if (res.headersSent) req.socket.destroy();
  else answerAndCut(req.socket, '408 Request Timeout');
}

function answerAndCut(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/** Twice the gRPC keepalive interval, so that every healthy connection has sent something between two looks. */
const REAP_INTERVAL_MS = 60_000;

/**
 * A client that resets within milliseconds of the TLS handshake leaves an HTTP/2 session and its descriptor behind for
 * ever (seen on Node 20 and 24). gRPC keepalive makes every live peer send bytes, so a socket without any is dead.
 */
function reapDeadTlsSockets(server: http.Server, secured: Set<TLSSocket>): void {
  const lastBytesRead = new WeakMap<TLSSocket, number>();
  const timer = setInterval(() => {
    for (const socket of secured) {
      if (lastBytesRead.get(socket) === socket.bytesRead) socket.destroy();
      else lastBytesRead.set(socket, socket.bytesRead);
    }
  }, REAP_INTERVAL_MS);
  timer.unref();
  server.once('close', () => clearInterval(timer));
}
