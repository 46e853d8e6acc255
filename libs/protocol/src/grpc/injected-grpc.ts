import { EventEmitter } from 'node:events';
import { Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';
import { type GrpcOptions, ServerGrpc } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { Http2Requests, type StreamEvent } from '../port/http2-requests.js';
import type { Http2Injector } from '../port/close-with-grace.js';
import { toServiceError } from './grpc-errors.js';
import { keepValidMetadata } from './valid-metadata.js';

type StreamCallMethod = ReturnType<ServerGrpc['createStreamCallMethod']>;

/**
 * Nest's gRPC transport without a port of its own: connections are injected by the shared port, so that gRPC
 * controllers stay ordinary Nest controllers.
 */
export class InjectedGrpc extends ServerGrpc {
  /** Takes HTTP/2 connections; undefined until Nest has started the transport. */
  injector: Http2Injector | undefined;

  private server: Server | undefined;

  constructor(
    options: GrpcOptions['options'],
    private readonly serverOptions: ServerOptions,
    private readonly windowBytes: number,
    /** Takes the streams of HTTP/2 connections that are no gRPC calls. */
    private readonly requests: Pick<Http2Requests, 'serve'>,
  ) {
    super(options);
  }

  /** The paths of all methods that are served, those of health and reflection among them. */
  get methods(): readonly string[] {
    const handlers: unknown = this.server && Reflect.get(this.server, 'handlers');
    if (!(handlers instanceof Map)) throw new Error('grpc-js has moved handlers');
    return [...handlers.keys()].map(String);
  }

  override createClient(): Promise<Server> {
    const server = new Server(this.serverOptions);
    this.server = server;
    this.injector = createInjector(server, this.windowBytes, this.requests);
    return Promise.resolve(server);
  }

  /** The stock version leaves a failing guard or handler as an unhandled rejection and the client without a status. */
  override createStreamCallMethod(
    methodHandler: (...args: never[]) => unknown,
    isResponseStream: boolean,
  ): StreamCallMethod {
    return async (call, callback) => {
      try {
        const answer: unknown = await Reflect.apply(methodHandler, undefined, [call, callback]);
        if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
      } catch (err) {
        const failure = toServiceError(err);
        if (isResponseStream) call.emit('error', failure);
        else callback(failure, null);
      }
    };
  }

  /** The shared port drains the connections; ending the server here would cut what is still in flight. */
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * grpc-js's server has no option for the HTTP/2 receive window and 64 KB caps uploads over any real network (32
 * messages of 100 KB a second at 10 ms round trip, against 1,400 at 4 MB); and it answers 415 to what is no gRPC call.
 * Both are changed through private fields: the checks make an update of grpc-js that moves them fail at start and not
 * in speed.
 */
function createInjector(server: Server, windowBytes: number, requests: Pick<Http2Requests, 'serve'>): Http2Injector {
  const common: unknown = Reflect.get(server, 'commonServerOptions');
  if (typeof common !== 'object' || common === null) throw new Error('grpc-js has moved commonServerOptions');
  const settings: unknown = Reflect.get(common, 'settings');
  Reflect.set(common, 'settings', {
    ...(typeof settings === 'object' ? settings : {}),
    initialWindowSize: windowBytes,
  });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const http2Servers: unknown = Reflect.get(server, 'http2Servers');
  if (!(http2Servers instanceof Map)) throw new Error('grpc-js has moved http2Servers');
  const inner: unknown = [...http2Servers.keys()].at(-1);
  if (!(inner instanceof EventEmitter)) throw new Error('grpc-js no longer keys http2Servers by server');
  const [serveGrpc, ...others] = inner.listeners('stream');
  if (!serveGrpc || others.length > 0) throw new Error('grpc-js no longer has one listener of streams');
  inner.removeAllListeners('stream');
  inner.on('stream', (...event: StreamEvent) => {
    if (!Http2Requests.isGrpc(event[1])) return requests.serve(...event);
    keepValidMetadata(event[1], event[3]);
    Reflect.apply(serveGrpc, inner, event);
  });
  return injector;
}
