import { join } from 'node:path';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { installationFolder } from '#core';

const protoRoot = join(installationFolder(), 'proto');

/** The files that are served, as `import` names them, and where those and what they import are. */
export const SERVED_FILES = {
  names: ['jina.proto', 'clip/v1/clip.proto'],
  folders: [protoRoot, `${protoRoot}/jina`],
};

/** The packages that are served; Nest looks for controllers of their services. */
export const SERVED_PACKAGES = ['jina', 'clip.v1'];

/**
 * The services that are served; health and reflection name these. The rest of jina's proto its gateway offers to no
 * client.
 */
export const SERVED_SERVICES = [
  'clip.v1.Clip',
  'jina.JinaRPC',
  'jina.JinaSingleDataRequestRPC',
  'jina.JinaDiscoverEndpointsRPC',
  'jina.JinaGatewayDryRunRPC',
  'jina.JinaInfoRPC',
];

/** Methods whose messages our own codecs read and write. */
const METHODS_OF_BYTES = {
  'jina.JinaRPC': ['Call'],
  'jina.JinaSingleDataRequestRPC': ['process_single_data'],
  'clip.v1.Clip': ['Encode', 'EncodeStream'],
};

/**
 * The service definitions, read once. Messages with something to compute pass as bytes: our own codecs count before
 * they make objects, lose nothing that they do not know, and write vectors as they are.
 */
export const servedDefinitions = loadDefinitions();

function loadDefinitions(): PackageDefinition {
  const definitions = loadSync(SERVED_FILES.names, {
    includeDirs: SERVED_FILES.folders,
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
  for (const [service, methods] of Object.entries(METHODS_OF_BYTES)) {
    for (const method of methods) passBytes(definitions, service, method);
  }
  Object.assign(methodOf(definitions, 'clip.v1.Clip', 'Rank'), { requestDeserialize: asTheyAre });
  return definitions;
}

function asTheyAre(bytes: Buffer): Buffer {
  return bytes;
}

function passBytes(definitions: PackageDefinition, service: string, method: string): void {
  Object.assign(methodOf(definitions, service, method), {
    requestDeserialize: asTheyAre,
    responseSerialize: asTheyAre,
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
