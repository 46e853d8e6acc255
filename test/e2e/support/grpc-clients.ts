import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  type ChannelOptions,
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { repositoryRoot } from '../../support/server.js';
import type { DataMessage } from './documents.js';

const proto = join(repositoryRoot, 'proto');
const nodeModules = dirname(dirname(createRequire(import.meta.url).resolve('grpc-health-check/package.json')));
const reflectionProto = (version: string) =>
  join(nodeModules, `@grpc/reflection/build/proto/grpc/reflection/${version}/reflection.proto`);

function load(files: string[], includeDirs: string[] = []): GrpcObject {
  const definitions = loadSync(files, { includeDirs, longs: Number, enums: String, defaults: true, oneofs: true });
  return loadPackageDefinition(definitions);
}

const served = load(['jina/jina.proto', 'clip/v1/clip.proto'], [proto, join(proto, 'jina')]);
const health = load([join(nodeModules, 'grpc-health-check/proto/health/v1/health.proto')]);
const reflection = { v1: load([reflectionProto('v1')]), v1alpha: load([reflectionProto('v1alpha')]) };

/** A loosely typed gRPC client: every method of the service by its name. */
export type AnyClient = Client & Record<string, (...args: unknown[]) => unknown>;

export interface ClientOptions {
  channel?: ChannelOptions;
  /** PEM of the authority of a TLS server; plain text without it. */
  authority?: string;
}

/** A client of any served service, by its full name, e.g. `clip.v1.Clip` or `grpc.reflection.v1.ServerReflection`. */
export function grpcClient(service: string, target: string, options: ClientOptions = {}): AnyClient {
  const { authority, channel = {} } = options;
  const secrets = authority ? credentials.createSsl(Buffer.from(authority)) : credentials.createInsecure();
  // A channel of its own per client, so that one test never rides on another's connection.
  const own = {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
    ...(authority ? { 'grpc.ssl_target_name_override': 'localhost' } : {}),
    ...channel,
  };
  return new (constructorOf(service))(target, secrets, own) as unknown as AnyClient;
}

function constructorOf(service: string): ServiceClientConstructor {
  const source = service.startsWith('grpc.health.')
    ? health
    : service.startsWith('grpc.reflection.v1alpha.')
      ? reflection.v1alpha
      : service.startsWith('grpc.')
        ? reflection.v1
        : served;
  let found: unknown = source;
  for (const part of service.split('.')) found = (found as Record<string, unknown>)[part];
  return found as ServiceClientConstructor;
}

const { requestSerialize, requestDeserialize } = constructorOf('jina.JinaRPC').service['Call']!;

/** `DataRequestProto` as bytes. */
export const toBytes: (message: DataMessage) => Buffer = requestSerialize;

/** `DataRequestProto` from bytes. */
export const fromBytes = (bytes: Buffer) => requestDeserialize(bytes) as DataMessage;

/** A unary call as a promise; rejects with the ServiceError. */
export function unary<Reply>(
  client: AnyClient,
  method: string,
  message: unknown,
  options: { deadline?: number; metadata?: Metadata } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = (err: ServiceError | null, reply?: Reply) => (err ? reject(err) : resolve(reply!));
    const { deadline, metadata = new Metadata() } = options;
    client[method]!(message, metadata, deadline === undefined ? {} : { deadline }, settle);
  });
}

/** Opens a duplex stream. */
export function duplex<Sent, Got>(client: AnyClient, method: string, metadata = new Metadata()) {
  return client[method]!(metadata) as ClientDuplexStream<Sent, Got>;
}

/** Opens a stream of answers. */
export function serverStream<Got>(client: AnyClient, method: string, message: unknown) {
  return client[method]!(message) as ClientReadableStream<Got>;
}

/** The error a call ended with; fails the test when it succeeded. */
export async function failure(calling: Promise<unknown>): Promise<ServiceError> {
  try {
    await calling;
  } catch (err) {
    return err as ServiceError;
  }
  throw new Error('the call succeeded');
}

/** The error that ended a stream; what it answered before is thrown away. */
export function streamFailure(stream: ClientDuplexStream<never, unknown>): Promise<ServiceError> {
  return new Promise((resolve, reject) => {
    stream.on('data', () => undefined);
    stream.on('end', () => reject(new Error('the stream ended without an error')));
    stream.on('error', (err: ServiceError) => resolve(err));
  });
}
