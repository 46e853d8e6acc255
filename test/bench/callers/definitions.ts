import { join } from 'node:path';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { repositoryRoot } from '../../support/server.js';

const proto = join(repositoryRoot, 'proto');

const definitions = loadSync(['jina/jina.proto', 'clip/v1/clip.proto'], {
  includeDirs: [proto, join(proto, 'jina')],
  keepCase: false,
});

/**
 * A method of `proto/` with requests encoded before the clock starts: what is sent are bytes, and answers stay bytes,
 * so that the load generator costs as little as it can.
 */
export interface BytesMethod {
  readonly path: string;
  readonly encode: (message: object) => Buffer;
  readonly decode: (bytes: Buffer) => object;
}

export function bytesMethod(service: string, method: string): BytesMethod {
  const found = (definitions[service] as ServiceDefinition)[method] as MethodDefinition<object, object>;
  return { path: found.path, encode: found.requestSerialize, decode: found.responseDeserialize };
}

/** The identity that grpc-js wants in place of an encoder. */
export const asIs = (bytes: Buffer): Buffer => bytes;

/** Each client has its own connection; answers may be large. */
export const channelOptions = { 'grpc.use_local_subchannel_pool': 1, 'grpc.max_receive_message_length': -1 };
