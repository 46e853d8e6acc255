import { Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';
import { type GrpcOptions, ServerGrpc } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Http2Taker } from '../port/shared-port-options.js';
import { toServiceError } from './grpc-errors.js';

type StreamCallMethod = ReturnType<ServerGrpc['createStreamCallMethod']>;

/**
 * Nest's gRPC transport without a port of its own: connections are injected by the shared port, so that gRPC controllers
 * stay ordinary Nest controllers.
 */
export class InjectedGrpc extends ServerGrpc {
  /** Takes HTTP/2 connections; undefined until Nest has started the transport. */
  injector: Http2Taker | undefined;

  constructor(
    options: GrpcOptions['options'],
    private readonly serverOptions: ServerOptions,
    private readonly windowBytes: number,
  ) {
    super(options);
  }

  override createClient(): Promise<Server> {
    const server = new Server(this.serverOptions);
    this.injector = injectorWithWindow(server, this.windowBytes);
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
 * grpc-js's server has no option for the HTTP/2 receive window and 64 KB caps uploads over any real network (32 messages of
 * 100 KB a second at 10 ms round trip, against 1,400 at 4 MB). Both fields are private: the check makes an update of
 * grpc-js that moves them fail at start and not in speed.
 */
function injectorWithWindow(server: Server, windowBytes: number): Http2Taker {
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
  if (!isSessionSource(inner)) throw new Error('grpc-js no longer keys http2Servers by server');
  inner.on('session', (session) => session.setLocalWindowSize(2 * windowBytes));
  return injector;
}

interface SessionSource {
  on(event: 'session', listener: (session: { setLocalWindowSize(bytes: number): void }) => void): void;
}

function isSessionSource(value: unknown): value is SessionSource {
  return typeof value === 'object' && value !== null && 'on' in value && typeof value.on === 'function';
}
