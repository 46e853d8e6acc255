import type { Socket } from 'node:net';
import type { Clock } from '#core';
import type { ConnectionLimit } from './connection-limit.js';
import type { TlsSource } from './tls-source.js';

/** Who takes the HTTP/2 connections: grpc-js's connection injector. */
export interface Http2Taker {
  injectConnection(socket: Socket): void;
  /** Says goodbye to every HTTP/2 client now and destroys what is left after `graceMs`. */
  drain(graceMs: number): void;
}

export interface SharedPortOptions {
  /** The certificate and its renewals; undefined for plain TCP. */
  tls?: TlsSource;
  /** Asked for at every connection: the gRPC server exists only once Nest has started it. */
  http2: () => Http2Taker | undefined;
  /** Where WebSockets are served. */
  webSocketPaths: ReadonlySet<string>;
  /** Longest silence of a new connection, in milliseconds. */
  firstByteMsMax: number;
  /** How long running requests may take to finish once the server closes, in milliseconds. */
  graceMs: number;
  /** How long no request has been under way, in milliseconds. */
  quietMs: () => number;
  /** Longest time for a request to arrive, in milliseconds; a large one has it for every part of it (see cutStalledRequests). */
  requestMsMax: number;
  clock: Clock;
  /** Bounds the connections; undefined for any number. */
  connections?: ConnectionLimit;
}
