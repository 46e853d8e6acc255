import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type Clock, hostProblem } from '#core';
import { closeWithGrace, type GraceOptions, type Http2Injector } from './close-with-grace.js';
import type { ConnectionLimit } from './connection-limit.js';
import { cutStalledRequests } from './cut-stalled.js';
import { cutUnreadAnswers } from './cut-unread.js';
import { awaitFirstBytes, type Spoken } from './first-bytes.js';
import { followTls, tlsOptions, type TlsSource } from './tls-source.js';

/** What the one port is made of. */
export interface SharedPortOptions extends GraceOptions {
  /** The certificate and its renewals; undefined for plain TCP. */
  tls?: TlsSource;
  /** Where WebSockets are served. */
  webSocketPaths: ReadonlySet<string>;
  /** Longest silence of a new connection, in milliseconds. */
  firstByteMsMax: number;
  /**
   * Longest time for a request to arrive, in milliseconds; a large one has it for every part of it (see
   * cutStalledRequests).
   */
  requestMsMax: number;
  clock: Clock;
  /** Bounds the connections; undefined for any number. */
  connections?: ConnectionLimit;
}

/**
 * One HTTP server that also takes gRPC: a router stands in the place of Node's own connection listener and gives HTTP/2
 * connections to grpc-js, which passes on what is not gRPC (Http2Requests). It remains the server that Nest listens on
 * and closes. Under TLS, ALPN decides: HTTP/2 for whoever offers it.
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
    shouldUpgradeCallback: (req) => isWebSocket(req, options.webSocketPaths),
  };
  const server = options.tls
    ? secureServer(options, options.tls, timeouts, handler)
    : plainServer(options, timeouts, handler);
  const accept = detachListener(server, 'connection');
  server.on('connection', (socket: Socket) => {
    if (options.connections?.admit(socket) ?? true) accept(socket);
  });
  server.on('clientError', refuseBadRequest);
  cutStalledRequests<http.IncomingMessage, http.ServerResponse>(server, {
    ...options,
    bytesArrived: (req) => req.socket.bytesRead,
    giveUp,
  });
  cutUnreadAnswers<http.ServerResponse>(server, { clock: options.clock, cut: (res) => res.destroy() });
  return server;
}

function plainServer(
  options: SharedPortOptions,
  timeouts: http.ServerOptions,
  handler: http.RequestListener,
): http.Server {
  const server = http.createServer(timeouts, handler);
  const serveHttp1 = detachListener(server, 'connection');
  const undecided = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    undecided.add(socket);
    const handOver = (spoken: Spoken): void => {
      if (spoken !== 'http2') return serveHttp1(socket);
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
      ALPNCallback: ({ protocols }) => ['h2', 'http/1.1'].find((offered) => protocols.includes(offered)),
    },
    handler,
  );
  followTls(server, tls);
  const undecided = answerPlainText(server, options.firstByteMsMax);
  const serveHttp1 = detachListener(server, 'secureConnection');
  const secured = new Set<TLSSocket>();
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol !== 'h2') return serveHttp1(socket);
    secured.add(socket);
    socket.once('close', () => secured.delete(socket));
    giveToHttp2(socket, options.http2());
  });
  reapDeadTlsSockets(server, secured);
  closeWithGrace(server, options, undecided);
  return server;
}

/**
 * Answers clients that speak no TLS to a TLS port with what the port wants. Returns the connections whose protocol is
 * not known yet.
 */
function answerPlainText(server: https.Server, firstByteMsMax: number): ReadonlySet<Socket> {
  const serveTls = detachListener(server, 'connection');
  const undecided = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    undecided.add(socket);
    const handOver = (spoken: Spoken): void => {
      if (spoken === 'tls') return serveTls(socket);
      socket.on('error', () => undefined).resume();
      answerAndCut(socket, '400 Bad Request', 'This port speaks TLS only: use https://, wss:// or grpcs://.\n');
    };
    awaitFirstBytes(socket, firstByteMsMax, handOver, () => undecided.delete(socket));
  });
  return undecided;
}

/** An upgrade at any other path, or that does not say clearly which host it is for, is answered as a request there. */
function isWebSocket(req: http.IncomingMessage, paths: ReadonlySet<string>): boolean {
  if (req.method !== 'GET' || req.headers.upgrade?.toLowerCase() !== 'websocket') return false;
  return paths.has((req.url ?? '').replace(/[?#].*$/s, '')) && hostProblem(req) === undefined;
}

function giveToHttp2(socket: Socket, injector: Http2Injector | undefined): void {
  if (injector) injector.injectConnection(socket);
  else socket.destroy();
}

/** Removes the server's own listener of `event` and returns it, to be called for the sockets that are its own. */
function detachListener(server: http.Server, event: 'connection' | 'secureConnection'): (socket: Socket) => void {
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

function answerAndCut(socket: Duplex, status: string, text = ''): void {
  const type = text === '' ? '' : 'Content-Type: text/plain\r\n';
  const head = `HTTP/1.1 ${status}\r\n${type}Connection: close\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`;
  socket.end(head + text, () => socket.destroy());
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
