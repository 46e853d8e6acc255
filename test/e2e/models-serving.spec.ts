import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubServer } from '../support/hub.js';
import { immichRepository, transformersRepository } from '../support/model-repositories.js';
import { repositoryRoot, type RunningServer, runServerToEnd, startServer } from '../support/server.js';
import { unitRepository } from '../support/unit-model.js';
import { CasCommand } from './support/cas-command.js';
import { model } from './support/fixtures.js';
import { grpcClient, unary } from './support/grpc-clients.js';
import { call, postJson } from './support/http-call.js';
import { ModelAdmin } from './support/model-admin.js';
import { eventually } from './support/server-process.js';

const B32 = 'ViT-B-32::openai';

let hub: HubServer;
let dataDir: string;
beforeEach(async () => {
  hub = await HubServer.start();
  hub.publish('Xenova/clip-vit-base-patch32', transformersRepository());
  hub.publish('someone/their-clip', immichRepository());
  dataDir = mkdtempSync(join(tmpdir(), 'cas-models-'));
});
afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

const env = (more: Record<string, string> = {}) => ({ CAS_HUB_URL: hub.url, CAS_DATA_DIR: dataDir, ...more });

describe('starting with a model of the catalogue', () => {
  it('downloads it, logs how that goes, and serves it', async () => {
    await using server = await startServer({ env: env(), args: ['--model', B32] });

    expect(server.text()).toContain(`Downloading ${B32} from Xenova/clip-vit-base-patch32`);
    expect(await dimensionOf(server.http('/v1/embeddings'))).toBe(3);
    expect(existsSync(join(dataDir, 'models', encodeURIComponent(B32), 'manifest.json'))).toBe(true);
  });

  it('starts offline with what an earlier start downloaded', async () => {
    await (await startServer({ env: env(), args: ['--model', B32] })).stop();
    const asked = hub.requests.length;
    await using server = await startServer({ env: env({ CAS_OFFLINE: 'true' }), args: ['--model', B32] });

    expect(await dimensionOf(server.http('/v1/embeddings'))).toBe(3);
    expect(hub.requests).toHaveLength(asked);
  });

  it('serves any repository of the hub in a known layout', async () => {
    await using server = await startServer({ env: env(), args: ['--model', 'hub:someone/their-clip'] });

    expect(await dimensionOf(server.http('/v1/embeddings'))).toBe(3);
  });

  it('ends with a sentence when there is no such model', async () => {
    const { code, text } = await runServerToEnd({ env: env(), args: ['--model', 'ViT-B-32::nobody'] });

    expect(code).toBe(78);
    expect(text).toContain('There is no model');
    expect(text).toContain(B32);
  });
});

describe('what is said of a model', () => {
  it('tells by its vectors whether they have length 1, whatever its config.json says', async () => {
    const folder = join(dataDir, 'own');
    writeModel(join(folder, 'unit'), unitRepository());
    writeModel(join(folder, 'other'), { ...immichRepository(), 'config.json': OTHER_CONFIG });
    const normalized = async (name: string) => {
      await using server = await startServer({ env: env({ CAS_MODEL_DIR: folder }), args: ['--model', name] });
      const { data } = (await call(server.http('/v1/models'))).json<{ data: { normalized: boolean }[] }>();
      return data.map((one) => one.normalized);
    };
    expect(await normalized('unit')).toEqual([true]);
    expect(await normalized('other')).toEqual([false]);
  });
});

/** Of a model whose vectors have other lengths than 1. */
const OTHER_CONFIG = JSON.stringify({ embed_dim: 3, text_cfg: { context_length: 77 }, normalized: true });

describe('a start with a model that cannot be loaded', () => {
  const modelDir = () => join(dataDir, 'own');

  /**
   * In CAS_MODEL_DIR: one that loads, a folder without files, one whose ONNX file is none, and one of other token ids.
   */
  beforeEach(() => {
    mkdirSync(join(modelDir(), 'empty'), { recursive: true });
    symlinkSync(join(repositoryRoot, 'models', model.name), join(modelDir(), model.name));
    writeModel(join(modelDir(), 'broken'), { ...immichRepository(), 'visual/model.onnx': 'no graph' });
    writeModelOfOtherTokenIds(join(modelDir(), 'split'));
  });

  it.each([
    ['nope', 78, 'There is no model "nope"'],
    [`${B32}@int8`, 78, 'holds no int8 files for texts and for images'],
    ['hub:no/such', 78, 'does not have this model'],
    ['empty', 78, 'its folder holds no visual.onnx and textual.onnx'],
    ['broken', 1, 'The model broken cannot be loaded'],
    ['split', 1, 'the ids of text 17 of token_ids (\\"שָׁלוֹם חתול\\") part at place 4, with 146 instead of 7'],
  ])('leaves what the servers of its database serve as it was: %s', async (name, code, reason) => {
    const settings = env({ CAS_MODEL_DIR: modelDir() });
    await using serving = await startServer({ env: settings });
    const admin = await ModelAdmin.of(serving);

    const second = await runServerToEnd({ env: settings, args: ['--model', name] });

    expect(second.text).toContain(reason);
    expect(second.code).toBe(code);
    const { desired, versions, actual } = await admin.view();
    expect(versions).toHaveLength(1);
    expect([desired.models[0]?.name, actual.state]).toEqual([model.name, 'applied']);
  });

  it('is refused by a plan and by a change alike, with 422, and nothing is written', async () => {
    await using serving = await startServer({ env: env({ CAS_MODEL_DIR: modelDir() }) });
    const admin = await ModelAdmin.of(serving);
    for (const name of ['mini-clp', `${B32}@int4`, `${B32}@int8`, 'hub:no/such', 'empty']) {
      const models = [{ name, replicas: 1, devices: ['cpu'], isDefault: true }];
      for (const [method, path] of [['POST', '/api/models/plan'] as const, ['PUT', '/api/models'] as const]) {
        const answer = await admin.send(method, path, { models });
        expect([answer.status, answer.json()], name).toMatchObject([422, { error: { code: 'invalid_argument' } }]);
      }
    }
    const { text } = await admin.send('PUT', '/api/models', {
      models: [{ name: 'mini-clp', replicas: 1, devices: ['cpu'], isDefault: true }],
    });
    expect(text).toContain('Did you mean mini-clip?');
    expect((await admin.view()).versions).toHaveLength(1);
  });
});

describe('a server whose model is still on its way', () => {
  it('has every port open: it lives, is not ready, and asks callers to come back', async () => {
    const arrived = Promise.withResolvers<void>();
    hub.fail('onnx/vision_model.onnx', { kind: 'hold', afterBytes: 1, until: arrived.promise });
    await using loading = await startServer({ env: env(), args: ['--model', B32], until: 'loading' });

    expect((await call(loading.ops('/health/live'))).status).toBe(200);
    const ready = await call(loading.ops('/health/ready'));
    expect([ready.status, ready.text]).toEqual([503, expect.stringContaining('loading the model')]);
    await eventually('it says that it downloads', async () => {
      const { status, text } = await call(loading.ops('/health/startup'));
      return status === 503 && text.includes(`downloading ${B32}`);
    });
    for (const [path, body] of [
      ['/v1/embeddings', { input: 'a cat' }],
      ['/v1/rank', { query: 'a cat', candidates: ['a dog'] }],
      ['/post', { data: [{ text: 'a cat' }], execEndpoint: '/' }],
    ] as const) {
      const answer = await postJson(loading.http(path), body);
      expect([path, answer.status, answer.headers['retry-after'], answer.text]).toEqual([
        ...[path, 503, '5'],
        expect.stringContaining('The model is still being loaded. Try again in a few seconds.'),
      ]);
    }
    const clip = grpcClient('clip.v1.Clip', loading.target);
    await expect(unary(clip, 'Encode', { items: [{ text: 'a cat' }] })).rejects.toMatchObject({ code: 14 });
    clip.close();
    expect((await call(loading.http('/v1/models'))).json()).toEqual({ object: 'list', data: [] });
    expect((await call(loading.admin('/health/live'))).status).toBe(200);

    arrived.resolve();
    await loading.logged((line) => line['msg'] === 'ready');
    expect((await call(loading.ops('/health/ready'))).status).toBe(200);
    expect((await call(loading.ops('/health/startup'))).status).toBe(200);
    expect(await dimensionOf(loading.http('/v1/embeddings'))).toBe(3);
  });

  it('says in the admin API that it loads, and follows afterwards what was asked for meanwhile', async () => {
    const arrived = Promise.withResolvers<void>();
    hub.fail('onnx/vision_model.onnx', { kind: 'hold', afterBytes: 1, until: arrived.promise });
    await using loading = await startServer({ env: env(), args: ['--model', B32], until: 'loading' });
    const admin = await ModelAdmin.withLink(loading, await setupLinkOf(loading));
    expect((await admin.view()).actual).toMatchObject({ state: 'applying', models: [] });
    const version = await admin.apply([{ name: model.name, replicas: 1, devices: ['cpu'], isDefault: true }]);
    arrived.resolve();
    expect(await admin.settled(version)).toMatchObject({ state: 'applied', models: [{ name: model.name }] });
  });

  it('ends at once, with 0, when it is told to', async () => {
    const never = Promise.withResolvers<void>();
    hub.fail('onnx/vision_model.onnx', { kind: 'hold', afterBytes: 1, until: never.promise });
    const loading = await startServer({ env: env(), args: ['--model', B32], until: 'loading' });
    expect(await loading.stop()).toEqual({ code: 0, signal: null });
    never.resolve();
  });
});

/** As `cas account setup-link` makes it on the host while the service runs. */
async function setupLinkOf(server: RunningServer): Promise<string> {
  using cas = new CasCommand();
  const { stdout } = await cas.run(['account', 'setup-link'], { env: { CAS_DATA_DIR: server.dataDir } });
  return stdout.trim();
}

function writeModel(folder: string, files: Record<string, Buffer | string | Uint8Array>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** The embedded model, with a reference whose Hebrew text is split otherwise. */
function writeModelOfOtherTokenIds(folder: string): void {
  const embedded = join(repositoryRoot, 'models', model.name);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(embedded)) {
    if (file !== 'golden.json') symlinkSync(join(embedded, file), join(folder, file));
  }
  const golden = JSON.parse(readFileSync(join(embedded, 'golden.json'), 'utf8')) as { token_ids: { ids: number[] }[] };
  const tokenIds = golden.token_ids.map((one, at) => (at === 16 ? { ...one, ids: one.ids.with(3, 7) } : one));
  writeFileSync(join(folder, 'golden.json'), JSON.stringify({ ...golden, token_ids: tokenIds }));
}

async function dimensionOf(url: string): Promise<number> {
  const answer = await call(url, {
    body: JSON.stringify({ input: 'a cat' }),
    headers: { 'content-type': 'application/json' },
  });
  const { data } = answer.json<{ data: { embedding: number[] }[] }>();
  return data[0]?.embedding.length ?? 0;
}
