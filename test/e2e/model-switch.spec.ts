import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, startServer, type RunningServer } from '../support/server.js';
import { model } from './support/fixtures.js';
import { postJson } from './support/http-call.js';
import { ModelAdmin, type ModelBody } from './support/model-admin.js';
import { replicasOf, residentMegabytes } from './support/server-process.js';

/** CAS_TEST_SWITCHES=200 makes a long run of it. */
const SWITCHES = Number(process.env['CAS_TEST_SWITCHES'] ?? 4);
const CALLERS = 6;
/**
 * Requests a switch before the first one, as many as come during it: a heap grows to what a load needs, switches or
 * not.
 */
const WARM_UP_REQUESTS = 200;
const RSS_GROWTH_MB_MAX = 100;
const SWITCH_MS_MAX = 30_000;
const COPY = 'mini-copy';
/** All its files are there, and its weights are no ONNX: only loading it tells. */
const BROKEN = 'mini-broken';

function makeModels(modelDir: string): void {
  const source = join(repositoryRoot, 'models', model.name);
  for (const name of [model.name, COPY]) symlinkSync(source, join(modelDir, name));
  mkdirSync(join(modelDir, BROKEN));
  for (const file of readdirSync(source)) {
    if (file.endsWith('.onnx')) writeFileSync(join(modelDir, BROKEN, file), 'no graph');
    else symlinkSync(join(source, file), join(modelDir, BROKEN, file));
  }
}

const one = (name: string, changes: Partial<ModelBody> = {}): ModelBody => ({
  ...{ name, replicas: 1, devices: ['cpu'], isDefault: true },
  ...changes,
});

/** Callers that ask for one embedding after the other, each of another text, and remember every answer that is none. */
class Load {
  readonly failures: string[] = [];
  answered = 0;
  private goesOn = true;
  private asked = 0;
  private readonly callers: Promise<void>[];

  constructor(private readonly server: RunningServer) {
    this.callers = Array.from({ length: CALLERS }, () => this.ask());
  }

  /** Resolves when so many requests were answered. */
  async answers(count: number): Promise<void> {
    while (this.answered < count) await new Promise((resolve) => setTimeout(resolve, 25));
  }

  async end(): Promise<void> {
    this.goesOn = false;
    await Promise.all(this.callers);
  }

  private async ask(): Promise<void> {
    while (this.goesOn) {
      const text = `a photo of thing ${this.asked++}`;
      const answer = await postJson(this.server.http('/v1/embeddings'), { input: [text, `${text} again`] });
      if (answer.status === 200) this.answered += 1;
      else this.failures.push(answer.text);
    }
  }
}

describe('models that are switched while they serve', () => {
  const modelDir = mkdtempSync(join(tmpdir(), 'cas-models-'));
  let server: RunningServer;
  let admin: ModelAdmin;

  beforeAll(async () => {
    makeModels(modelDir);
    server = await startServer({ env: { CAS_MODEL_DIR: modelDir, CAS_CACHE_BYTES_MAX: '0' } });
    admin = await ModelAdmin.of(server);
  });

  afterAll(async () => {
    await server?.stop();
    rmSync(modelDir, { recursive: true });
  });

  it('begin with what the settings ask for', async () => {
    const { desired, actual } = await admin.view();
    expect(desired).toMatchObject({ version: 1, source: 'settings', models: [one(model.name)] });
    expect(actual).toMatchObject({ state: 'applied', version: 1, models: [{ name: model.name, state: 'ready' }] });
  });

  it('plan a switch so that the new one serves before the old one goes', async () => {
    expect(await admin.plan([one(COPY)])).toEqual([
      `Start ${COPY} with 1 replica on cpu, and serve it when all are ready.`,
      `Make ${COPY} the default: requests that name no model get it from now on.`,
      `Take ${model.name} out of service: finish the requests that it has, then end its replicas.`,
    ]);
  });

  it(
    `switch ${SWITCHES} times under load without a failed request, and leave no process and no memory behind`,
    { timeout: 60_000 + SWITCHES * SWITCH_MS_MAX },
    async () => {
      const load = new Load(server);
      await load.answers(SWITCHES * WARM_UP_REQUESTS);
      const beforeMb = residentMegabytes(server.pid);
      for (let n = 0; n < SWITCHES; n += 1) {
        const version = await admin.apply([one(n % 2 === 0 ? COPY : model.name)]);
        expect(await admin.settled(version)).toMatchObject({ state: 'applied', models: [{ isDefault: true }] });
      }
      await load.end();
      const afterMb = residentMegabytes(server.pid);
      const text = `${SWITCHES} switches, ${load.answered} requests, ${load.failures.length} failed, RSS`;
      process.stdout.write(`${text} ${Math.round(beforeMb)} MB → ${Math.round(afterMb)} MB\n`);
      expect(load.failures).toEqual([]);
      expect(load.answered).toBeGreaterThan(0);
      expect(replicasOf(server)).toHaveLength(1);
      expect(afterMb - beforeMb).toBeLessThan(RSS_GROWTH_MB_MAX);
    },
  );

  it('serve several at once, each by its name', async () => {
    const version = await admin.apply([one(model.name), one(COPY, { isDefault: false })]);
    await admin.settled(version);
    for (const name of [model.name, COPY]) {
      const answer = await postJson(server.http('/v1/embeddings'), { input: 'a cat', model: name });
      expect(answer.json<{ model: string }>().model).toBe(name);
    }
  });

  it('leave what serves untouched when the new one cannot be loaded, and say why; a rollback ends the trying', async () => {
    const { desired } = await admin.view();
    const load = new Load(server);
    const version = await admin.apply([one(BROKEN)]);
    const failed = await admin.settled(version);
    expect(failed).toMatchObject({ state: 'failed', reason: expect.stringContaining(BROKEN) });
    expect(failed.models.map(({ name }) => name)).toEqual([model.name, COPY]);
    const back = await admin.rollback(desired.version);
    expect(await admin.settled(back)).toMatchObject({ state: 'applied', reason: null });
    await load.end();
    expect(load.failures).toEqual([]);
  });

  it('add and end replicas without a failed request', async () => {
    const load = new Load(server);
    for (const replicas of [2, 1]) {
      const version = await admin.apply([one(model.name, { replicas })]);
      const { models } = await admin.settled(version);
      expect(models.map(({ replicas: shown }) => shown.length)).toEqual([replicas]);
      expect(replicasOf(server)).toHaveLength(replicas);
    }
    await load.end();
    expect(load.failures).toEqual([]);
  });
});

const THREE_STARTS = { timeout: 180_000 };

describe('models that were set through the admin API', () => {
  it(
    'win over the settings of the next start, which says so; one that cannot be loaded falls back to what served',
    THREE_STARTS,
    async () => {
      const modelDir = mkdtempSync(join(tmpdir(), 'cas-models-'));
      const dataDir = mkdtempSync(join(tmpdir(), 'cas-data-'));
      makeModels(modelDir);
      const env = { CAS_MODEL_DIR: modelDir, CAS_DATA_DIR: dataDir };
      const first = await startServer({ env });
      const admin = await ModelAdmin.of(first);
      await admin.settled(await admin.apply([one(COPY)]));
      await first.stop();

      const second = await startServer({ env });
      expect(second.text()).toContain('set through the admin API');
      const again = await ModelAdmin.logIn(second);
      expect((await again.view()).actual.models.map(({ name }) => name)).toEqual([COPY]);
      await again.settled(await again.apply([one(BROKEN)]));
      await second.stop();

      const third = await startServer({ env });
      const later = await ModelAdmin.logIn(third);
      const { actual, desired } = await later.view();
      expect(desired.models).toMatchObject([{ name: BROKEN }]);
      expect(actual.models.map(({ name }) => name)).toEqual([COPY]);
      await third.stop();
      for (const folder of [modelDir, dataDir]) rmSync(folder, { recursive: true });
    },
  );
});
