import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { type DataMessage, dataMessage, echoMessage, exchange, textDocuments } from './support/documents.js';
import {
  type AnyClient,
  duplex,
  failure,
  grpcClient,
  serverStream,
  streamFailure,
  unary,
} from './support/grpc-clients.js';
import { declaredBy, ReflectionClient, referredToBy } from './support/reflection-client.js';

const MEBIBYTE = 1024 * 1024;
/** Field 15 with wire type 7, which protobuf does not have. */
const UNREADABLE = Buffer.from([0x7f]);

let server: RunningServer;
let documents: AnyClient;
let clip: AnyClient;
beforeAll(async () => {
  server = await startServer({ env: { CAS_REQUEST_BYTES_MAX: '6MiB' } });
  documents = grpcClient('jina.JinaRPC', server.target);
  clip = grpcClient('clip.v1.Clip', server.target);
});
afterAll(async () => {
  documents?.close();
  clip?.close();
  await server?.stop();
});

const call = (client = documents) => duplex<DataMessage, DataMessage>(client, 'Call');
const small = (id: string) => dataMessage(id, textDocuments(id, ['a photo of a cat']));

/** A call of bytes that no message type made. */
const bytesCall = (path: string) =>
  documents.makeBidiStreamRequest<Buffer, Buffer>(
    path,
    (bytes) => bytes,
    (bytes) => bytes,
  );

describe('grpc.health.v1', () => {
  const names = ['', 'clip.v1.Clip', 'jina.JinaRPC', 'jina.JinaSingleDataRequestRPC', 'jina.JinaInfoRPC'];

  it.each(names)('says SERVING for "%s"', async (service) => {
    const health = grpcClient('grpc.health.v1.Health', server.target);
    expect(await unary(health, 'Check', { service })).toEqual({ status: 'SERVING' });
    health.close();
  });

  it('knows no other service', async () => {
    const health = grpcClient('grpc.health.v1.Health', server.target);
    expect((await failure(unary(health, 'Check', { service: 'nosuch' }))).code).toBe(status.NOT_FOUND);
    health.close();
  });

  it('a watcher hears SERVING, and NOT_SERVING when the server goes down', async () => {
    const short = await startServer({ env: { CAS_SHUTDOWN_GRACE_MS: '2000' } });
    const health = grpcClient('grpc.health.v1.Health', short.target);
    const watch = serverStream<{ status: string }>(health, 'Watch', { service: '' });
    const heard: string[] = [];
    const isOver = new Promise<void>((resolve) => watch.on('error', () => resolve()).on('end', () => resolve()));
    const hearsFirst = new Promise<void>((resolve) => {
      watch.on('data', (update: { status: string }) => {
        heard.push(update.status);
        resolve();
      });
    });
    await hearsFirst;
    await short.stop();
    await isOver;
    health.close();
    expect(heard).toEqual(['SERVING', 'NOT_SERVING']);
  });
});

describe('server reflection', () => {
  it.each(['v1', 'v1alpha'])('%s lists the services and hands out their messages', async (version) => {
    const client = grpcClient(`grpc.reflection.${version}.ServerReflection`, server.target);
    const stream = duplex<object, { listServicesResponse?: { service: { name: string }[] }; errorResponse?: unknown }>(
      client,
      'ServerReflectionInfo',
    );
    stream.write({ listServices: '' });
    const [listed] = (await once(stream, 'data')) as [{ listServicesResponse: { service: { name: string }[] } }];
    const names = listed.listServicesResponse.service.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['jina.JinaRPC', 'jina.JinaSingleDataRequestRPC', 'clip.v1.Clip']));
    expect(names).not.toContain('jina.JinaExecutorSnapshot');
    stream.write({ fileContainingSymbol: 'clip.v1.Clip' });
    const [described] = (await once(stream, 'data')) as [{ fileDescriptorResponse: { fileDescriptorProto: Buffer[] } }];
    expect(described.fileDescriptorResponse.fileDescriptorProto.length).toBeGreaterThan(0);
    stream.end();
    client.close();
  });

  it.each(['v1', 'v1alpha'])(
    '%s lists every service, with files in which each type that is named is declared',
    async (version) => {
      const reflection = new ReflectionClient(version, server.target);
      const services = await reflection.services();
      expect(services.toSorted()).toEqual([
        'clip.v1.Clip',
        'grpc.health.v1.Health',
        'grpc.reflection.v1.ServerReflection',
        'grpc.reflection.v1alpha.ServerReflection',
        'jina.JinaDiscoverEndpointsRPC',
        'jina.JinaGatewayDryRunRPC',
        'jina.JinaInfoRPC',
        'jina.JinaRPC',
        'jina.JinaSingleDataRequestRPC',
      ]);
      for (const service of services) {
        const files = await reflection.filesOf(service);
        for (const file of files.values()) {
          // A file may name what it declares itself and what the files declare that it imports.
          const seen = [file, ...(file.dependency as string[]).map((name) => files.get(name)!)].flatMap(declaredBy);
          const missing = referredToBy(file).filter((name) => !seen.includes(name));
          expect(missing, `${service}: ${file.name}`).toEqual([]);
        }
      }
      expect([...(await reflection.filesOf('jina.JinaRPC')).keys()].toSorted()).toEqual([
        'docarray.proto',
        'google/protobuf/empty.proto',
        'google/protobuf/struct.proto',
        'google/protobuf/timestamp.proto',
        'jina.proto',
      ]);
      reflection.close();
    },
  );

  it('describes messages as the files of proto/ do: names, maps and optional fields', async () => {
    const reflection = new ReflectionClient('v1', server.target);
    const files = await reflection.filesOf('jina.HeaderProto');
    const messages = new Map(files.get('jina.proto')!.messageType!.map((message) => [message.name, message]));
    const header = messages.get('HeaderProto')!;
    expect(header.field!.map(({ name }) => name)).toEqual([
      'request_id',
      'status',
      'exec_endpoint',
      'target_executor',
      'timeout',
    ]);
    expect(header.oneofDecl!.map(({ name }) => name)).toEqual(['_exec_endpoint', '_target_executor', '_timeout']);
    const [jina] = messages.get('JinaInfoProto')!.field!;
    expect(jina!.typeName).toBe('.jina.JinaInfoProto.JinaEntry');
    expect(messages.get('JinaInfoProto')!.nestedType![0]).toMatchObject({
      name: 'JinaEntry',
      options: { mapEntry: true },
    });
    reflection.close();
  });

  it('is off when the operator turns it off', async () => {
    await using closed = await startServer({ env: { CAS_GRPC_REFLECTION: 'false' } });
    const client = grpcClient('grpc.reflection.v1.ServerReflection', closed.target);
    const stream = duplex<never, unknown>(client, 'ServerReflectionInfo');
    expect((await streamFailure(stream)).code).toBe(status.UNIMPLEMENTED);
    client.close();
  });
});

describe('messages on the wire', () => {
  it.each([
    ['gzip', 2],
    ['deflate', 1],
  ])('may be compressed with %s', async (_name, algorithm) => {
    const channel = { 'grpc.default_compression_algorithm': algorithm };
    const client = grpcClient('jina.JinaRPC', server.target, { channel });
    const answers = await exchange(call(client), [echoMessage('large', MEBIBYTE), small('small')]);
    expect(answers).toHaveLength(2);
    client.close();
  });

  it('may be larger than the 4 MiB that gRPC allows by default', async () => {
    expect(await exchange(call(), [echoMessage('large', 5 * MEBIBYTE)])).toHaveLength(1);
  });

  it('over the limit end their call with RESOURCE_EXHAUSTED, and the connection goes on', async () => {
    const stream = call();
    stream.write(echoMessage('too large', 7 * MEBIBYTE));
    expect((await streamFailure(stream as never)).code).toBe(status.RESOURCE_EXHAUSTED);
    expect(await exchange(call(), [small('after')])).toHaveLength(1);
  });

  it('over the limit only once they are unpacked are refused as well', async () => {
    const client = grpcClient('jina.JinaRPC', server.target, { channel: { 'grpc.default_compression_algorithm': 2 } });
    const stream = call(client);
    stream.write(echoMessage('bomb', 64 * MEBIBYTE));
    expect((await streamFailure(stream as never)).code).toBe(status.RESOURCE_EXHAUSTED);
    client.close();
    expect(await exchange(call(), [small('after')])).toHaveLength(1);
  });

  it.each(['/jina.JinaRPC/Call', '/clip.v1.Clip/EncodeStream'])(
    'that cannot be read end %s with a status',
    async (path) => {
      const stream = bytesCall(path);
      stream.write(UNREADABLE);
      expect((await streamFailure(stream as never)).code).toBe(status.INVALID_ARGUMENT);
      expect(await exchange(call(), [small('after')])).toHaveLength(1);
    },
  );

  it('that hold a Python pickle are never loaded', async () => {
    const pickle = Buffer.from('80049503000000000000004b012e', 'hex');
    const content = Buffer.concat([Buffer.from([0x12, pickle.length]), pickle]);
    const stream = bytesCall('/jina.JinaRPC/Call');
    stream.write(Buffer.concat([Buffer.from([0x22, content.length]), content]));
    expect((await streamFailure(stream as never)).details).toContain('pickle');
  });

  it('to a method or service that is not there are UNIMPLEMENTED', async () => {
    for (const path of ['/jina.JinaRPC/Nosuch', '/no.Such/Service', '/jina.JinaExecutorSnapshot/snapshot']) {
      expect((await streamFailure(bytesCall(path) as never)).code, path).toBe(status.UNIMPLEMENTED);
    }
  });

  it('of a unary call over the limit are RESOURCE_EXHAUSTED', async () => {
    const items = [{ image: Buffer.alloc(7 * MEBIBYTE) }];
    expect((await failure(unary(clip, 'Encode', { items }))).code).toBe(status.RESOURCE_EXHAUSTED);
  });
});
