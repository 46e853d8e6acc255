import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '#models';
import { ManualClock } from '#core';
import { transformersRepository } from '../../../../../test/support/model-repositories.js';
import { runCommandLine } from '../../run-command-line.js';
import type { Surroundings } from '../../surroundings.js';
import { compareModels } from './compare-models.js';
import { collectSamples } from './samples.js';

const MINI_CLIP = resolve('models/mini-clip');

/** Half a second passes whenever it is read. */
class SteppingClock extends ManualClock {
  override now(): number {
    this.advance(500);
    return super.now();
  }
}

let folder: string;
let modelDir: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compare-'));
  modelDir = join(folder, 'models');
  mkdirSync(modelDir);
  symlinkSync(MINI_CLIP, join(modelDir, 'mini-clip'));
  makeDarker(join(modelDir, 'darker'));
  for (const [path, content] of Object.entries(transformersRepository())) {
    mkdirSync(dirname(join(modelDir, 'tiny', path)), { recursive: true });
    writeFileSync(join(modelDir, 'tiny', path), content);
  }
  writeFileSync(join(folder, 'texts.txt'), 'a cat\r\n\n  \na dog\n');
  mkdirSync(join(folder, 'pictures'));
  for (const name of ['photo-cat.jpg', 'count-1.png'])
    cpSync(join('test/fixtures', name), join(folder, 'pictures', name));
  mkdirSync(join(folder, 'empty'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('compareModels', () => {
  it('finds the tower in which models differ, by how much and for which item', async () => {
    const samples = await collectSamples({ texts: 'texts.txt', images: 'pictures' }, folder);
    const place = { provider: 'cpu', threads: 1 } as const;
    const [texts, images] = await compareModels(
      [model('mini-clip'), model('darker')],
      samples,
      place,
      new SteppingClock(),
    );

    expect(texts).toMatchObject({ tower: 'textual', items: 2, cosineMin: expect.closeTo(1, 6) });
    expect(images).toMatchObject({
      tower: 'visual',
      items: 2,
      furthest: expect.stringMatching(/^(photo-cat|count-1)\./),
    });
    expect(images?.cosineMin).toBeLessThan(0.9999);
    expect(images?.cosineMean).toBeGreaterThan(images?.cosineMin ?? 1);
  });
});

describe('cas models compare', () => {
  it('finds a model to be itself, over texts and drawings of its own', async () => {
    const { code, stdout } = await run('mini-clip', 'mini-clip', '--json', '--threads', '1');
    const { towers, ...rest } = JSON.parse(stdout) as Record<string, unknown>;

    expect({ code, ...rest }).toEqual({ code: 0, first: 'mini-clip', second: 'mini-clip', device: 'cpu', threads: 1 });
    const rate = expect.any(Number);
    const same = {
      cosineMin: expect.closeTo(1, 6),
      cosineMean: expect.closeTo(1, 6),
      itemsPerSecond: { first: rate, second: rate },
    };
    expect(towers).toMatchObject([
      { tower: 'textual', items: 54, ...same },
      { tower: 'visual', items: 28, ...same },
    ]);
  }, 30_000);

  it.each([
    [
      'models of other dimensions',
      ['mini-clip', 'tiny'],
      2,
      /mini-clip gives vectors of 512 dimensions, and tiny .* of 3 dimensions/,
    ],
    [
      'a model that is not here',
      ['mini-clip', 'ViT-B/32@int8'],
      1,
      /ViT-B\/32@int8 is not on this machine.*cas models pull/,
    ],
    ['no such device', ['mini-clip', 'mini-clip', '--device', 'gpu'], 2, /gpu/],
    ['no pictures', ['mini-clip', 'mini-clip', '--images', 'empty'], 2, /holds no pictures/],
    ['no file of texts', ['mini-clip', 'mini-clip', '--texts', 'none.txt'], 2, /none\.txt cannot be read/],
    ['another server', ['mini-clip', 'mini-clip', '--url', 'http://127.0.0.1:1'], 2, /on this machine only/],
  ])('refuses %s with a sentence', async (_, args, code, said) => {
    const result = await run(...args);

    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(said) });
  });
});

function model(name: string): LocalModel {
  return { name, place: 'folder', folder: join(modelDir, name) };
}

/** mini-clip as if its pictures had been normalised otherwise; the large files are links. */
function makeDarker(target: string): void {
  mkdirSync(target);
  for (const name of readdirSync(MINI_CLIP)) symlinkSync(join(MINI_CLIP, name), join(target, name));
  const config = join(target, 'preprocess_config.json');
  const content = readFileSync(config, 'utf8').replaceAll('0.4980392156862745', '0.7');
  rmSync(config);
  writeFileSync(config, content);
}

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const env = { CAS_MODEL_DIR: modelDir, CAS_DATA_DIR: join(folder, 'data'), HOME: folder };
  const surroundings = { env, cwd: folder, stdin, stdout, stderr } as unknown as Surroundings;
  const code = await runCommandLine(['models', 'compare', ...args], surroundings);
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}
