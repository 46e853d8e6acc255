import type { ServerHttp2Stream } from 'node:http2';
import { Metadata, type ServerInterceptor } from '@grpc/grpc-js';

/** A call as grpc-js hands it to an interceptor. */
export type InterceptedCall = Parameters<ServerInterceptor>[1];

/** grpc-js's call under all interceptors, as far as it is used here. */
export interface BaseCall extends InterceptedCall {
  readonly stream: ServerHttp2Stream;
  readonly metadata: Metadata;
  readonly decoder: { readonly maxReadMessageLength: number };
  handleDataFrame(data: Buffer): void;
  handleEndEvent(): void;
  decompressMessage(message: Buffer, encoding: string): Buffer | Promise<Buffer>;
  maybeSendMetadata(): void;
}

/** A server interceptor that gets grpc-js's own call, as the first ones of a server do. */
export type BaseInterceptor = (
  method: Parameters<ServerInterceptor>[0],
  call: BaseCall,
) => ReturnType<ServerInterceptor>;

/** The first of a server's interceptors: hands the call to `interceptor` with its parts. Throws as `requireBase`. */
export function onBaseCall(interceptor: BaseInterceptor): ServerInterceptor {
  return (method, call) => interceptor(method, requireBase(call));
}

/**
 * The same call with the parts that grpc-js keeps to itself and has no hook for. Throws where they have moved, so that
 * an update of grpc-js fails loudly. Only the first of the server's interceptors gets such a call.
 */
function requireBase(call: InterceptedCall): BaseCall {
  if (!isBase(call)) throw new Error('grpc-js has moved the parts of a call that take messages apart and send them');
  return call;
}

/** The class whose calls have been looked through; all of grpc-js's have the same. */
let known: unknown;

function isBase(call: InterceptedCall): call is BaseCall {
  if (call.constructor === known) return true;
  const methods = ['handleDataFrame', 'handleEndEvent', 'decompressMessage', 'startRead', 'maybeSendMetadata'];
  const decoder: unknown = Reflect.get(call, 'decoder');
  const isComplete =
    methods.every((name) => typeof Reflect.get(call, name) === 'function') &&
    typeof decoder === 'object' &&
    decoder !== null &&
    'maxReadMessageLength' in decoder &&
    Reflect.get(call, 'metadata') instanceof Metadata &&
    typeof Reflect.get(call, 'stream') === 'object';
  if (isComplete) known = call.constructor;
  return isComplete;
}
