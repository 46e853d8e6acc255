import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPreparedFiles } from './tensorrt-files.js';

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

describe('the TensorRT engines of a model folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cas-model-'));
    writeFileSync(join(folder, 'visual.onnx'), 'pictures');
    writeFileSync(join(folder, 'visual.onnx.data'), 'weights');
    writeFileSync(join(folder, 'textual.onnx'), 'texts');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const find = (computeCapability: string) =>
    findPreparedFiles(folder, computeCapability, {
      visualPath: join(folder, 'visual.onnx'),
      textualPath: join(folder, 'textual.onnx'),
    });

  function prepare(name: string, facts: object = {}): void {
    mkdirSync(join(folder, 'tensorrt', name), { recursive: true });
    const sources = { visual: sha256('picturesweights'), textual: sha256('texts') };
    const content = JSON.stringify({ format: 1, batch_max: 32, sources, ...facts });
    writeFileSync(join(folder, 'tensorrt', name, 'prepared.json'), content);
  }

  it('are found for the type of the GPU, those of the newest TensorRT first', async () => {
    for (const name of ['sm89-10.9.2', 'sm89-10.15.1', 'sm8-10.15.1', 'sm90-10.15.1']) prepare(name);

    const { found, unfit } = await find('8.9');

    expect(unfit).toEqual([]);
    expect(found.map(({ name }) => name)).toEqual(['tensorrt/sm89-10.15.1', 'tensorrt/sm89-10.9.2']);
    expect(found[0]).toMatchObject({
      visualPath: join(folder, 'tensorrt/sm89-10.15.1/visual.onnx'),
      textualPath: join(folder, 'tensorrt/sm89-10.15.1/textual.onnx'),
      rowsMax: 32,
    });
  });

  it('are left aside when the ONNX files have changed since', async () => {
    prepare('sm90-10.15.1');
    writeFileSync(join(folder, 'visual.onnx.data'), 'other weights');

    expect(await find('9.0')).toEqual({
      found: [],
      unfit: ['tensorrt/sm90-10.15.1 was made of other ONNX files than the folder holds'],
    });
  });

  it('are left aside when it is not known what they were made for', async () => {
    prepare('sm90-10.15.1', { format: 2 });

    expect((await find('9.0')).unfit).toEqual(['tensorrt/sm90-10.15.1 has no prepared.json that is known']);
  });

  it('may be none at all', async () => {
    expect(await find('9.0')).toEqual({ found: [], unfit: [] });
  });
});
