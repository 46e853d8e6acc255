import { fileURLToPath } from 'node:url';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { DomainError } from '#core';
import { serializeEncodeResponse } from './clip-response.js';

const protoRoot = findProtoRoot();

/** The packages that are served; Nest looks for controllers of their services. */
export const SERVED_PACKAGES = ['jina', 'clip.v1'];

/** The services that are served; health and reflection name these. The rest of jina's proto its gateway offers to no client. */
export const SERVED_SERVICES = [
  'clip.v1.Clip',
  'jina.JinaRPC',
  'jina.JinaSingleDataRequestRPC',
  'jina.JinaDiscoverEndpointsRPC',
  'jina.JinaGatewayDryRunRPC',
  'jina.JinaInfoRPC',
];

/**
 * The service definitions, read once. Document messages pass as bytes, since our own codec loses nothing it does not know; embedding
 * answers are written by hand, since vectors go out as they are.
 */
export const servedDefinitions = loadDefinitions();

function loadDefinitions(): PackageDefinition {
  const definitions = loadSync(['jina/jina.proto', 'clip/v1/clip.proto'], {
    includeDirs: [protoRoot, `${protoRoot}/jina`],
    keepCase: false,
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  for (const [name, definition] of Object.entries(definitions)) {
    const isService = !('format' in definition);
    if (isService && !SERVED_SERVICES.includes(name)) delete definitions[name];
  }
  passBytes(definitions, 'jina.JinaRPC', 'Call');
  passBytes(definitions, 'jina.JinaSingleDataRequestRPC', 'process_single_data');
  for (const method of ['Encode', 'EncodeStream']) {
    Object.assign(methodOf(definitions, 'clip.v1.Clip', method), { responseSerialize: serializeEncodeResponse });
  }
  Object.assign(methodOf(definitions, 'clip.v1.Clip', 'EncodeStream'), {
    requestDeserialize: (bytes: Buffer) => bytes,
  });
  return definitions;
}

/** Reads one EncodeRequest, or throws `invalid_argument`; streams get their messages as bytes, so that what is in flight can be bounded in bytes. */
export function encodeRequestReader(definitions: PackageDefinition): (bytes: Uint8Array) => unknown {
  const { requestDeserialize } = methodOf(definitions, 'clip.v1.Clip', 'Encode');
  return (bytes) => {
    try {
      return requestDeserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    } catch {
      throw new DomainError('invalid_argument', 'The message is not an EncodeRequest: its bytes cannot be read.');
    }
  };
}

function passBytes(definitions: PackageDefinition, service: string, method: string): void {
  Object.assign(methodOf(definitions, service, method), {
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
  });
}

interface WireMethod {
  requestDeserialize: (bytes: Buffer) => unknown;
}

function methodOf(definitions: PackageDefinition, service: string, method: string): WireMethod {
  const found: unknown = Reflect.get(definitions[service] ?? {}, method);
  if (!isWireMethod(found)) throw new Error(`proto/ has no ${service}/${method}`);
  return found;
}

function isWireMethod(value: unknown): value is WireMethod {
  return typeof value === 'object' && value !== null && 'requestDeserialize' in value;
}

/** `proto/` at the top of the repository, from the sources and from `dist/` alike. */
function findProtoRoot(): string {
  const here = fileURLToPath(import.meta.url);
  const top = here.replace(/(\/dist)?\/libs\/protocol\/.*$/, '');
  return `${top}/proto`;
}
