import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { SERVED_FILES, SERVED_SERVICES } from './definitions.js';
import { describeFiles } from './file-descriptors.js';

const require = createRequire(import.meta.url);
const healthProtos = join(dirname(require.resolve('grpc-health-check/package.json')), 'proto');
const reflectionProtos = join(dirname(require.resolve('@grpc/reflection/package.json')), 'build/proto');

/** The services that packages bring along, and the files in which they do. */
const PACKAGED = [
  ['grpc.health.v1.Health', 'health/v1/health.proto'],
  ['grpc.reflection.v1.ServerReflection', 'grpc/reflection/v1/reflection.proto'],
  ['grpc.reflection.v1alpha.ServerReflection', 'grpc/reflection/v1alpha/reflection.proto'],
] as const;

/**
 * Server reflection (grpc.reflection.v1 and v1alpha): every service that the port has, with the files that describe
 * them.
 */
export function addReflection(server: Server): void {
  const names = [...SERVED_FILES.names, ...PACKAGED.map(([, file]) => file)];
  const services = [...SERVED_SERVICES, ...PACKAGED.map(([service]) => service)];
  const files = describeFiles(names, [...SERVED_FILES.folders, healthProtos, reflectionProtos]);
  new ReflectionService({ files: onlyFiles(files) }, { services }).addToServer(server);
}

/** The part of a package definition that the reflection service reads. */
function onlyFiles(fileDescriptorProtos: Buffer[]) {
  return { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {}, fileDescriptorProtos } as const;
}
