import { once } from 'node:events';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import type { IDescriptorProto, IFileDescriptorProto } from 'protobufjs/ext/descriptor/index.js';
import { type AnyClient, duplex, grpcClient } from './grpc-clients.js';

interface Answer {
  listServicesResponse?: { service: { name: string }[] };
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
  errorResponse?: { errorMessage: string };
}

/** Asks a server for what it serves, as grpcurl does: by names of services and files alone. */
export class ReflectionClient {
  private readonly client: AnyClient;
  private readonly stream;

  constructor(version: string, target: string) {
    this.client = grpcClient(`grpc.reflection.${version}.ServerReflection`, target);
    this.stream = duplex<object, Answer>(this.client, 'ServerReflectionInfo');
  }

  async services(): Promise<string[]> {
    const { listServicesResponse } = await this.ask({ listServices: '*' });
    return listServicesResponse!.service.map(({ name }) => name);
  }

  /** The file that declares `symbol`, and every file that it imports, by name. */
  async filesOf(symbol: string): Promise<Map<string, IFileDescriptorProto>> {
    const files = new Map<string, IFileDescriptorProto>();
    const wanted = [await this.file({ fileContainingSymbol: symbol })];
    for (const file of wanted) {
      if (files.has(file.name!)) continue;
      files.set(file.name!, file);
      for (const name of file.dependency as string[]) wanted.push(await this.file({ fileByFilename: name }));
    }
    return files;
  }

  close(): void {
    this.stream.end();
    this.client.close();
  }

  private async file(question: object): Promise<IFileDescriptorProto> {
    const { fileDescriptorResponse, errorResponse } = await this.ask(question);
    if (!fileDescriptorResponse) throw new Error(`${JSON.stringify(question)}: ${errorResponse?.errorMessage}`);
    return descriptor.FileDescriptorProto.decode(
      fileDescriptorResponse.fileDescriptorProto[0]!,
    ) as IFileDescriptorProto;
  }

  private async ask(question: object): Promise<Answer> {
    this.stream.write(question);
    const [answer] = (await once(this.stream, 'data')) as [Answer];
    return answer;
  }
}

/** The full names that a file declares, with a point in front. */
export function declaredBy(file: IFileDescriptorProto): string[] {
  const within = (scope: string, { name, nestedType = [], enumType = [] }: IDescriptorProto): string[] => [
    `${scope}.${name}`,
    ...enumType.map((one) => `${scope}.${name}.${one.name}`),
    ...nestedType.flatMap((one) => within(`${scope}.${name}`, one)),
  ];
  const scope = file.package ? `.${file.package}` : '';
  const enums = (file.enumType ?? []).map(({ name }) => `${scope}.${name}`);
  return [...enums, ...(file.messageType ?? []).flatMap((one) => within(scope, one))];
}

/** The names of all types that fields and methods of a file refer to. */
export function referredToBy(file: IFileDescriptorProto): string[] {
  const within = ({ field = [], nestedType = [] }: IDescriptorProto): string[] => [
    ...field.flatMap(({ typeName }) => typeName || []),
    ...nestedType.flatMap(within),
  ];
  const ofMethods = (file.service ?? []).flatMap(({ method = [] }) =>
    method.flatMap(({ inputType, outputType }) => [inputType ?? '', outputType ?? '']),
  );
  return [...ofMethods, ...(file.messageType ?? []).flatMap(within)];
}
