import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, startServer, type RunningServer } from '../support/server.js';
import { model } from './support/fixtures.js';
import { type AnyClient, failure, grpcClient, serverStream, unary } from './support/grpc-clients.js';
import { ModelAdmin, type ModelBody } from './support/model-admin.js';
import { eventually, replicasOf } from './support/server-process.js';

const COPY = 'mini-copy';

const one = (name: string, isDefault: boolean): ModelBody => ({ name, replicas: 1, devices: ['cpu'], isDefault });

describe('grpc.health.v1 of a server whose models change', () => {
  let modelDir: string;
  let server: RunningServer;
  let client: AnyClient;
  let admin: ModelAdmin;

  beforeAll(async () => {
    modelDir = mkdtempSync(join(tmpdir(), 'cas-models-'));
    for (const name of [model.name, COPY])
      symlinkSync(join(repositoryRoot, 'models', model.name), join(modelDir, name));
    server = await startServer({ env: { CAS_MODEL_DIR: modelDir } });
    client = grpcClient('grpc.health.v1.Health', server.target);
    admin = await ModelAdmin.of(server);
  });
  afterAll(async () => {
    client?.close();
    await server?.stop();
    rmSync(modelDir, { recursive: true });
  });

  const check = (service: string) => unary<{ status: string }>(client, 'Check', { service });

  /** What a watcher of `service` has heard until now. */
  function watch(service: string): { heard: string[]; end: () => void } {
    const stream = serverStream<{ status: string }>(client, 'Watch', { service });
    const heard: string[] = [];
    stream.on('data', (update: { status: string }) => heard.push(update.status));
    stream.on('error', () => undefined);
    return { heard, end: () => stream.cancel() };
  }

  it('answers for the model that is served', async () => {
    expect(await check(model.name)).toEqual({ status: 'SERVING' });
  });

  it('answers for a model that is here but not served as for one that is nowhere', async () => {
    const [here, nowhere] = [await failure(check(COPY)), await failure(check('mini-nope'))];
    expect([here.code, nowhere.code]).toEqual([status.NOT_FOUND, status.NOT_FOUND]);
    expect(here.details.replace(COPY, '')).toBe(nowhere.details.replace('mini-nope', ''));
  });

  it('lists its services and no model, since anybody may ask', async () => {
    const { statuses } = await unary<{ statuses: Record<string, { status: string }> }>(client, 'List', {});
    expect(Object.keys(statuses).toSorted()).toEqual([
      '',
      'clip.v1.Clip',
      'jina.JinaDiscoverEndpointsRPC',
      'jina.JinaGatewayDryRunRPC',
      'jina.JinaInfoRPC',
      'jina.JinaRPC',
      'jina.JinaSingleDataRequestRPC',
    ]);
    expect(new Set(Object.values(statuses).map((one) => one.status))).toEqual(new Set(['SERVING']));
  });

  it('tells a watcher when a model is loaded, has no ready replica, has one again, and is removed', async () => {
    const copy = watch(COPY);
    const whole = watch('');
    const hears = (last: string) => eventually(`it hears ${last}`, () => copy.heard.at(-1) === last);
    await hears('SERVICE_UNKNOWN');
    const others = replicasOf(server);
    await admin.settled(await admin.apply([one(model.name, true), one(COPY, false)]));
    await hears('SERVING');
    expect(await check(COPY)).toEqual({ status: 'SERVING' });
    await eventually('it hears that no replica is ready', () => {
      for (const pid of replicasOf(server)) if (!others.includes(pid)) kill(pid, 'SIGKILL');
      return copy.heard.at(-1) === 'NOT_SERVING';
    });
    expect(await check(model.name), 'the other model').toEqual({ status: 'SERVING' });
    await hears('SERVING');
    await admin.settled(await admin.apply([one(model.name, true)]));
    await hears('SERVICE_UNKNOWN');
    expect((await failure(check(COPY))).code).toBe(status.NOT_FOUND);
    expect(copy.heard.slice(0, 3)).toEqual(['SERVICE_UNKNOWN', 'SERVING', 'NOT_SERVING']);
    expect(whole.heard, 'of the server as a whole nothing has changed').toEqual(['SERVING']);
    for (const one of [copy, whole]) one.end();
  });

  it('says NOT_SERVING of a model, too, when the server goes down', async () => {
    await using short = await startServer({ env: { CAS_MODEL_DIR: modelDir, CAS_SHUTDOWN_GRACE_MS: '2000' } });
    const own = grpcClient('grpc.health.v1.Health', short.target);
    const stream = serverStream<{ status: string }>(own, 'Watch', { service: model.name });
    const heard: string[] = [];
    const isOver = new Promise<void>((resolve) => stream.on('error', () => resolve()).on('end', () => resolve()));
    await new Promise<void>((resolve) => {
      stream.on('data', (update: { status: string }) => resolve(void heard.push(update.status)));
    });
    await short.stop();
    await isOver;
    own.close();
    expect(heard).toEqual(['SERVING', 'NOT_SERVING']);
  });
});
