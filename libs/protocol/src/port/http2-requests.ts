import {
  constants,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Stream,
} from 'node:http2';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import type { Clock } from '#core';
import { cutStalledRequests } from './cut-stalled.js';
import { cutUnreadAnswers } from './cut-unread.js';

const { NGHTTP2_CANCEL } = constants;

/** The arguments of the `stream` event of node:http2. */
export type StreamEvent = [
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  flags: number,
  rawHeaders: string[],
];

/** How long requests over HTTP/2 may take to arrive. */
export interface Http2RequestsOptions {
  /** Longest time for a request to arrive, in milliseconds; a large one has it for every part of it. */
  readonly requestMsMax: number;
  readonly clock: Clock;
}

/**
 * Serves the HTTP requests of HTTP/2 connections, whose gRPC calls go to grpc-js: proxies and gateways that speak
 * HTTP/2 to what is behind them reach both on one port. The handler is the one of HTTP/1.1; it gets the objects that
 * Node makes for such handlers. WebSockets are for HTTP/1.1 only.
 */
export class Http2Requests {
  /** Never listens: it makes requests of the streams that it is given. */
  private readonly server = createServer();
  private readonly bytesArrived = new WeakMap<ServerHttp2Stream, () => number>();

  constructor({ requestMsMax, clock }: Http2RequestsOptions) {
    cutStalledRequests<Http2ServerRequest, Http2ServerResponse>(this.server, {
      requestMsMax,
      clock,
      bytesArrived: ({ stream }) => this.bytesArrived.get(stream)?.() ?? 0,
      giveUp,
    });
    cutUnreadAnswers<Http2ServerResponse>(this.server, { clock, cut: ({ stream }) => stream.close(NGHTTP2_CANCEL) });
  }

  /** Whether a stream is a gRPC call, by its content type; all others are HTTP requests. */
  static isGrpc(headers: IncomingHttpHeaders): boolean {
    return headers['content-type']?.startsWith('application/grpc') === true;
  }

  /** Hands every request from now on to `handler`, which has to know both kinds of requests, as Fastify's has. */
  serveBy(handler: RequestListener): void {
    this.server.on('request', (...pair) => void Reflect.apply(handler, undefined, pair));
  }

  /** Serves one stream. */
  serve(...[stream, headers, flags, rawHeaders]: StreamEvent): void {
    this.bytesArrived.set(stream, countArrivals(stream));
    this.server.emit('stream', stream, asHttp1(headers, stream.endAfterHeaders), flags, rawHeaders);
  }

  /** Stops watching for requests that do not come to an end. */
  close(): void {
    this.server.emit('close');
  }
}

/**
 * Handlers look for the host and for signs of a body where HTTP/1.1 has them: `:authority` is `host` there, and a body
 * without a length is a chunked one (RFC 9113 §8.3.1 and §8.2.2).
 */
function asHttp1(headers: IncomingHttpHeaders, hasNoBody: boolean): IncomingHttpHeaders {
  const authority: unknown = Reflect.get(headers, ':authority');
  if (typeof authority === 'string') headers.host = authority;
  if (!hasNoBody && headers['content-length'] === undefined) headers['transfer-encoding'] = 'chunked';
  return headers;
}

/** Counts the bytes of one stream; the socket counts all streams of the connection together. */
function countArrivals(stream: ServerHttp2Stream): () => number {
  let bytes = 0;
  const push = stream.push.bind(stream);
  stream.push = (chunk: unknown, encoding) => {
    if (Buffer.isBuffer(chunk)) bytes += chunk.length;
    return push(chunk, encoding);
  };
  return () => bytes;
}

function giveUp({ stream }: Http2ServerRequest): void {
  if (stream.headersSent) stream.destroy();
  else stream.respond({ ':status': 408 }, { endStream: true });
}
