import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { InferenceSession } from '../session/onnx-runtime.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IMAGE_LIMITS_DEFAULT } from '../image/image-limits.js';
import { openTowers } from './open-towers.js';
import type { Provider } from '../session/provider.js';

const emptySha256 = createHash('sha256').digest('hex');

describe('opening the towers of a model', () => {
  let folder: string;
  let opened: string[];
  let released: string[];
  let warnings: string[];
  /** Parts of the paths that do not open. */
  let broken: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cas-model-'));
    for (const file of ['visual.onnx', 'textual.onnx']) writeFileSync(join(folder, file), '');
    [opened, released, warnings, broken] = [[], [], [], []];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** No machine that tests run on has TensorRT: sessions are stand-ins that remember which file they are of. */
  const open = (path: string): Promise<InferenceSession> => {
    const file = relative(folder, path);
    if (broken.some((part) => file.includes(part))) return Promise.reject(new Error(`no ${file}`));
    opened.push(file);
    return Promise.resolve({ file, release: async () => void released.push(file) } as unknown as InferenceSession);
  };

  function openOn(provider: Provider, computeCapability = '8.9') {
    const files = { visualPath: join(folder, 'visual.onnx'), textualPath: join(folder, 'textual.onnx') };
    const options = {
      folder,
      name: 'some',
      threads: 1,
      provider,
      computeCapability,
      imageLimits: IMAGE_LIMITS_DEFAULT,
    };
    return openTowers(files, options, (text) => warnings.push(text), open);
  }

  function prepare(name: string): void {
    mkdirSync(join(folder, 'tensorrt', name), { recursive: true });
    const facts = { format: 1, batch_max: 16, sources: { visual: emptySha256, textual: emptySha256 } };
    writeFileSync(join(folder, 'tensorrt', name, 'prepared.json'), JSON.stringify(facts));
  }

  const tensorrt: Provider = { name: 'tensorrt', deviceId: 0 };

  it('takes the engines prepared for the GPU on TensorRT, and the batch that they were built for', async () => {
    prepare('sm89-10.15.1');

    expect(await openOn(tensorrt)).toMatchObject({ rowsMax: 16 });
    expect(opened).toEqual(['tensorrt/sm89-10.15.1/visual.onnx', 'tensorrt/sm89-10.15.1/textual.onnx']);
    expect(warnings).toEqual([]);
  });

  it('says before TensorRT builds engines that it will take minutes', async () => {
    await openOn(tensorrt, '9.0');

    expect(opened).toEqual(['visual.onnx', 'textual.onnx']);
    expect(warnings).toEqual([expect.stringContaining('TensorRT builds its engines now, which takes minutes')]);
  });

  it('goes on to older engines, then to the ONNX files, when engines do not load, and keeps no half of them', async () => {
    for (const name of ['sm89-10.15.1', 'sm89-10.9.2']) prepare(name);
    broken = ['tensorrt/sm89-10.15.1/textual', 'tensorrt/sm89-10.9.2/visual'];

    await openOn(tensorrt);

    expect(released).toEqual(['tensorrt/sm89-10.15.1/visual.onnx']);
    expect(opened.slice(1)).toEqual(['visual.onnx', 'textual.onnx']);
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toContain('engines in tensorrt/sm89-10.15.1 do not load');
  });

  it.each<Provider>(['cpu', { name: 'cuda', deviceId: 0 }])('leaves engines aside on %o', async (provider) => {
    prepare('sm89-10.15.1');

    expect(await openOn(provider)).toMatchObject({ rowsMax: undefined });
    expect(opened).toEqual(['visual.onnx', 'textual.onnx']);
    expect(warnings).toEqual([]);
  });
});
