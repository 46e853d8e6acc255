import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubServer } from '../../../../test/support/hub.js';
import {
  immichRepository,
  planesTower,
  textTower,
  transformersRepository,
} from '../../../../test/support/model-repositories.js';
import { runCommandLine } from '../run-command-line.js';
import type { Surroundings } from '../surroundings.js';

const B32 = 'ViT-B-32::openai';
const B32_REPOSITORY = 'Xenova/clip-vit-base-patch32';

let hub: HubServer;
let folder: string;
beforeEach(async () => {
  hub = await HubServer.start();
  folder = mkdtempSync(join(tmpdir(), 'variants-'));
  hub.publish('immich-app/RN50__openai', immichRepository());
  hub.publish(B32_REPOSITORY, {
    ...transformersRepository(),
    'onnx/vision_model_quantized.onnx': planesTower(),
    'onnx/text_model_quantized.onnx': textTower(),
  });
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await hub[Symbol.asyncDispose]();
});

describe('cas models with a precision behind the name', () => {
  it('pulls, lists, verifies and removes the variant as a model of its own', async () => {
    await json('pull', B32, 'ViT-B/32@int8');

    // The list begins with what was used last, and both were pulled at once.
    const { models } = (await json('list', '--here')) as { models: { name: string }[] };
    expect(models).toHaveLength(2);
    expect(models.find(({ name }) => name === B32)).toMatchObject({ place: 'cache', variants: ['fp16', 'int8'] });
    expect(models.find(({ name }) => name === `${B32}@int8`)).toMatchObject({
      ...{ place: 'cache', repository: B32_REPOSITORY },
      ...{ dimension: 512, licence: 'MIT', variants: [] },
    });
    expect(await json('verify', `${B32}@int8`)).toMatchObject({ models: [{ ok: true }] });
    await json('rm', 'ViT-B/32@int8');
    expect(await json('list', '--here')).toMatchObject({ models: [{ name: B32 }] });
  });

  it('shows in the list which variants a model has', async () => {
    const { stdout } = await run('list');

    expect(stdout).toMatch(/^ViT-B-32::openai .* @fp16 @int8 +MIT /m);
    expect(stdout).toMatch(/^RN50::openai .* 224 +MIT /m);
  });

  it('says what a repository holds that has no such variant', async () => {
    expect(await run('pull', 'RN50@int8')).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/^cas: .*no int8 files.*textual\/model\.onnx, visual\/model\.onnx.*tools\/export/m),
    });
  });
});

async function json(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const env = { CAS_HUB_URL: hub.url, CAS_MODEL_DIR: folder, CAS_DATA_DIR: join(folder, 'data'), HOME: folder };
  const surroundings = { env, cwd: folder, stdin, stdout, stderr } as unknown as Surroundings;
  const code = await runCommandLine(['models', ...args], surroundings);
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}
