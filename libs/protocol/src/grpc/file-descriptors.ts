import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { describeEnum, describeMessage, describeService } from './type-descriptors.js';

type Declared = protobuf.Type | protobuf.Enum | protobuf.Service;

interface LoadedFile {
  readonly name: string;
  readonly packageName: string;
  readonly imports: readonly string[];
  readonly declared: readonly Declared[];
}

/**
 * The descriptors (google.protobuf.FileDescriptorProto, as bytes) of proto3 files and of all that they import, each
 * once: what a reflection client builds its messages from. protobufjs's own descriptors are by package, without the
 * names of files and imports, so that a client that checks what it gets, as the C++, Go and Python libraries do,
 * refuses them.
 *
 * @param names as `import` writes them
 * @param folders where such names are looked for, in this order; files of google/protobuf/ need none
 */
export function describeFiles(names: readonly string[], folders: readonly string[]): Buffer[] {
  const root = new protobuf.Root();
  const files = new Map<string, LoadedFile>();
  const load = (name: string): void => {
    if (files.has(name)) return;
    const file = loadFile(name, root, folders);
    files.set(name, file);
    file.imports.forEach(load);
  };
  names.forEach(load);
  root.resolveAll();
  return [...files.values()].map(describeFile);
}

function loadFile(name: string, root: protobuf.Root, folders: readonly string[]): LoadedFile {
  const known = protobuf.common.get(name);
  if (known?.nested) {
    const before = declaredIn(root, GOOGLE);
    root.addJSON(known.nested);
    return { name, packageName: GOOGLE, imports: [], declared: without(declaredIn(root, GOOGLE), before) };
  }
  const before = [...declaredAnywhere(root)];
  const { package: packageName = '', imports = [] } = protobuf.parse(readFrom(folders, name), root, { keepCase: true });
  return { name, packageName, imports, declared: without(declaredIn(root, packageName), before) };
}

/** The package of the files that protobufjs brings along, in a form without their text. */
const GOOGLE = 'google.protobuf';

function readFrom(folders: readonly string[], name: string): string {
  for (const folder of folders) {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch {
      // It may be in the next one.
    }
  }
  throw new Error(`${name} is in none of the folders of proto files`);
}

function declaredIn(root: protobuf.Root, packageName: string): Declared[] {
  const scope = packageName === '' ? root : root.lookup(packageName.split('.'));
  return scope instanceof protobuf.Namespace ? scope.nestedArray.filter(isDeclared) : [];
}

function* declaredAnywhere(scope: protobuf.NamespaceBase): Generator<Declared> {
  for (const one of scope.nestedArray) {
    if (isDeclared(one)) yield one;
    else if (one instanceof protobuf.Namespace) yield* declaredAnywhere(one);
  }
}

function isDeclared(one: protobuf.ReflectionObject): one is Declared {
  return one instanceof protobuf.Type || one instanceof protobuf.Enum || one instanceof protobuf.Service;
}

function without(all: readonly Declared[], some: readonly Declared[]): Declared[] {
  return all.filter((one) => !some.includes(one));
}

function describeFile({ name, packageName, imports, declared }: LoadedFile): Buffer {
  const file = descriptor.FileDescriptorProto.fromObject({
    name,
    package: packageName,
    dependency: imports,
    messageType: declared.filter((one) => one instanceof protobuf.Type).map(describeMessage),
    enumType: declared.filter((one) => one instanceof protobuf.Enum).map(describeEnum),
    service: declared.filter((one) => one instanceof protobuf.Service).map(describeService),
    syntax: 'proto3',
  });
  return Buffer.from(descriptor.FileDescriptorProto.encode(file).finish());
}
