import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { weightBytes } from './repository-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cas-weights-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Files of these sizes, sparse. */
function hold(files: Record<string, number>) {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
    truncateSync(join(folder, path), bytes);
  }
}

const FLAT = { 'config.json': 10, 'preprocess_config.json': 10, 'tokenizer.json': 10_000 };

describe('the weights of a model folder', () => {
  it('are its ONNX files with their external data, and nothing else', async () => {
    hold({
      ...FLAT,
      'visual.onnx': 100,
      'visual.onnx.data': 5e9,
      'textual.onnx': 200,
      'golden.json': 7,
      'NOTICE.md': 5,
    });
    expect(await weightBytes(folder)).toBe(100 + 5e9 + 200);
  });

  it('are those that are served, where a folder holds others too', async () => {
    hold({ ...FLAT, 'visual.onnx': 100, 'textual.onnx': 200, 'visual-fp16.onnx': 50, 'old/visual.onnx': 70 });
    expect(await weightBytes(folder)).toBe(300);
  });

  it('count external data by whatever name beside the only ONNX file of a folder', async () => {
    hold({
      'config.json': 10,
      'visual/model.onnx': 100,
      'visual/preprocess_cfg.json': 10,
      'visual/523d3c00-47e7': 5e9,
    });
    hold({ 'textual/model.onnx': 200, 'textual/tokenizer.json': 10_000, 'textual/onnx__MatMul_2679': 4000 });
    expect(await weightBytes(folder)).toBe(100 + 5e9 + 200 + 4000);
  });

  it('count once where one graph holds both towers', async () => {
    hold({ 'onnx/model.onnx': 300, 'onnx/model.onnx_data': 4000, 'onnx/model.onnx_data_1': 50 });
    hold({ 'config.json': 10, 'tokenizer.json': 10, 'preprocessor_config.json': 10 });
    expect(await weightBytes(folder)).toBe(4350);
  });

  it('cannot be told of a folder that is no model', async () => {
    hold({ 'readme.md': 10 });
    await expect(weightBytes(folder)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
