import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemsOf } from './settings-file.js';
import { convert, flowOf, here } from './testing/converted.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cas-flow-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A Flow of the executor in this file of the Python server. */
const ofModule = (module: string, args: string) =>
  `executors: [{uses: CLIPEncoder, py_modules: clip_server.executors.${module}, uses_with: {${args}}}]`;

describe('the model of an encoder', () => {
  it.each([
    ['ViT-B/32', 'ViT-B-32::openai'],
    ['ViT-L/14@336px', 'ViT-L-14-336::openai'],
    ['RN50x4', 'RN50x4::openai'],
    ['M-CLIP/LABSE-Vit-L-14', 'M-CLIP/LABSE-Vit-L-14'],
    ['constructor', 'constructor'],
  ])('names the model %s %s', (given, name) => {
    expect(convert(flowOf(`uses_with: {name: '${given}'}`)).settings['model']).toBe(name);
  });

  it.each([
    ['no text', '{a: 1}', /not the name of a model/],
    ['a name with a space', 'a b', /not the name of a model/],
    ['a reference into the Flow', "'${{ root.model }}'", /root\.model, which is not known/],
  ])('is the default of the Python server in place of %s, which is told', (_what, name, why) => {
    const { settings, left } = convert(
      flowOf(`uses_with: {name: ${name}}`).replace('with: {name: RN50}', 'with: null'),
    );
    expect(settings['model']).toBe('ViT-B-32::openai');
    expect(left['executors[0].uses_with.name']).toMatch(why);
  });

  it.each([
    ['is no model', 'ViT-B-23::openai', /no model "ViT-B-23::openai"/],
    ['has no ONNX files on the hub', 'roberta-ViT-B-32::laion2b-s12b-b32k', /No ONNX files are published/],
  ])('is among the problems when it %s', async (_what, name, problem) => {
    const { yaml } = convert(flowOf(`uses_with: {name: '${name}'}`));
    expect(await problemsOf(yaml, here)).toEqual([expect.stringMatching(problem)]);
  });

  it.each(['ViT-L-14::openai', 'mini-clip', 'hub:owner/name'])('may be %s without a problem', async (name) => {
    expect(await problemsOf(convert(flowOf(`uses_with: {name: '${name}'}`)).yaml, here)).toEqual([]);
  });

  it('may lie in the CAS_MODEL_DIR of the shell', async () => {
    cpSync('models/mini-clip', join(folder, 'models/roberta-ViT-B-32::laion2b-s12b-b32k'), { recursive: true });
    const { yaml } = convert(flowOf("uses_with: {name: 'roberta-ViT-B-32::laion2b-s12b-b32k'}"));
    expect(await problemsOf(yaml, { env: { CAS_MODEL_DIR: 'models' }, cwd: folder })).toEqual([]);
  });

  it('is the folder of model_path, never the public weights of the same name, and what it lacks is told', async () => {
    mkdirSync(join(folder, 'tuned'));
    for (const file of ['visual.onnx', 'textual.onnx']) writeFileSync(join(folder, 'tuned', file), '');
    const { settings, left, yaml } = convert(ofModule('clip_onnx', 'name: ViT-B/32, model_path: tuned'), {}, folder);
    expect(settings).toMatchObject({ model_dir: folder, model: 'tuned' });
    expect(left['executors[0].uses_with.model_path']).toMatch(/tokenizer\.json.* of ViT-B-32::openai/);
    expect(await problemsOf(yaml, here)).toEqual([expect.stringMatching(/cannot be loaded/)]);
    cpSync('models/mini-clip', join(folder, 'tuned'), { recursive: true });
    expect(await problemsOf(yaml, here)).toEqual([]);
  });

  it('is the name beside a model_path that the Python server did not read', () => {
    const { settings, left } = convert(ofModule('clip_torch', 'name: RN50, model_path: tuned'));
    expect(settings).toMatchObject({ model: 'RN50::openai' });
    expect(settings).not.toHaveProperty('model_dir');
    expect(left['executors[0].uses_with.model_path']).toMatch(/only the ONNX executor/);
  });
});

describe('the executor of TensorRT', () => {
  const module = 'clip_server.executors.clip_tensorrt';

  it.each([
    ['uses.metas', `uses: {jtype: CLIPEncoder, metas: {py_modules: [${module}]}}`],
    ['uses', `uses: {jtype: CLIPEncoder, py_modules: ${module}}`],
    ['the executor', `uses: CLIPEncoder, py_modules: ${module}`],
    ['uses_metas', `uses: CLIPEncoder, uses_metas: {py_modules: [${module}]}`],
  ])('runs on TensorRT when its module is named in %s', (_where, executor) => {
    const flow = `executors: [{${executor}, uses_with: {device: 'cuda:1'}}]`;
    expect(convert(flow).settings['devices']).toEqual(['tensorrt:1']);
  });
});
