import { describe, expect, it } from 'vitest';
import { LAYOUTS } from '#clip';
import { CATALOGUE, canonicalName, findInCatalogue, type HubSource, hubSourceOf } from './catalogue.js';
import { chooseLayout, neededFiles } from './repository-files.js';

/** What `clip_server` 0.8.4 takes as `name`, by family (`server/clip_server/model/pretrained_models.py`). */
const PYTHON_NAMES = `
  RN50::openai RN50::yfcc15m RN50::cc12m RN101::openai RN101::yfcc15m RN50x4::openai RN50x16::openai RN50x64::openai
  ViT-B-32::openai ViT-B-32::laion2b_e16 ViT-B-32::laion400m_e31 ViT-B-32::laion400m_e32 ViT-B-32::laion2b-s34b-b79k
  ViT-B-16::openai ViT-B-16::laion400m_e31 ViT-B-16::laion400m_e32
  ViT-B-16-plus-240::laion400m_e31 ViT-B-16-plus-240::laion400m_e32
  ViT-L-14::openai ViT-L-14::laion400m_e31 ViT-L-14::laion400m_e32 ViT-L-14::laion2b-s32b-b82k ViT-L-14-336::openai
  ViT-H-14::laion2b-s32b-b79k ViT-g-14::laion2b-s12b-b42k
  roberta-ViT-B-32::laion2b-s12b-b32k xlm-roberta-base-ViT-B-32::laion5b-s13b-b90k
  xlm-roberta-large-ViT-H-14::frozen_laion5b_s13b_b90k
  RN50 RN101 RN50x4 RN50x16 RN50x64 ViT-B/32 ViT-B/16 ViT-L/14 ViT-L/14@336px
  M-CLIP/XLM-Roberta-Large-Vit-B-32 M-CLIP/XLM-Roberta-Large-Vit-L-14 M-CLIP/XLM-Roberta-Large-Vit-B-16Plus M-CLIP/LABSE-Vit-L-14
  CN-CLIP/ViT-B-16 CN-CLIP/ViT-L-14 CN-CLIP/ViT-L-14-336 CN-CLIP/ViT-H-14 CN-CLIP/RN50
`
  .trim()
  .split(/\s+/);

const names = CATALOGUE.flatMap(({ name, aliases }) => [name, ...aliases]);

describe('the catalogue', () => {
  it.each(PYTHON_NAMES)('knows %s, as the Python server does', (name) => {
    expect(names).toContain(name);
  });

  it('gives no name to two models', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  it('says of every model where it comes from or what to do instead', () => {
    for (const { name, repository, note } of CATALOGUE) expect(repository ?? note, name).toMatch(/./);
  });

  it('holds SigLIP 2, MobileCLIP 2, DFN and jina-clip-v2', () => {
    for (const family of [/SigLIP2.*::webli/, /^MobileCLIP2-/, /::dfn5b$/, /^jina-clip-v2$/]) {
      expect(names.some((name) => family.test(name))).toBe(true);
    }
  });

  it('brings the short names of OpenAI to the same model', () => {
    expect(canonicalName('ViT-L/14@336px')).toBe('ViT-L-14-336::openai');
    expect(hubSourceOf('ViT-B/32')).toEqual(hubSourceOf('ViT-B-32::openai'));
  });

  it('takes any repository of the hub by hub:owner/name, and nothing that only looks like one', () => {
    expect(hubSourceOf('hub:owner/name@main')).toMatchObject({ repository: 'owner/name', revision: 'main' });
    for (const name of ['hub:owner', 'hub:owner/name/more', 'hub:owner/na me', 'owner/name', 'hub:../x?y']) {
      expect(() => hubSourceOf(name)).toThrow(expect.objectContaining({ code: 'model_unknown' }));
    }
  });
});

const file = (path: string) => ({ path, bytes: 1, sha256: undefined, gitSha1: undefined });

describe('a name with a precision', () => {
  it('is a model of its own, the same whichever alias was given', () => {
    expect(canonicalName('ViT-B/32@int8')).toBe('ViT-B-32::openai@int8');
    expect(canonicalName('ViT-L/14@336px@fp16')).toBe('ViT-L-14-336::openai@fp16');
    expect(hubSourceOf('ViT-B/32@int8')).toMatchObject({
      name: 'ViT-B-32::openai@int8',
      repository: 'Xenova/clip-vit-base-patch32',
      precision: 'int8',
    });
    expect(findInCatalogue('ViT-B-32@fp16')).toMatchObject({ entry: { name: 'ViT-B-32::openai' }, precision: 'fp16' });
  });

  it('is refused with those that there are when the precision is another', () => {
    for (const name of ['ViT-B-32::openai@int4', 'hub:owner/name@main@q4']) {
      expect(() => hubSourceOf(name)).toThrow(
        expect.objectContaining({ code: 'model_unknown', message: expect.stringContaining('@fp16, @int8') }),
      );
    }
  });

  it('of the hub has it behind the revision, so that a branch may be called int8', () => {
    expect(hubSourceOf('hub:owner/name@int8')).toMatchObject({ revision: 'int8', precision: undefined });
    expect(hubSourceOf('hub:owner/name@main@int8')).toMatchObject({ revision: 'main', precision: 'int8' });
  });
});

describe('the layout of a variant', () => {
  const towers = (suffix: string) => [`onnx/vision_model${suffix}.onnx`, `onnx/text_model${suffix}.onnx`];
  const layoutOf = (name: string, paths: readonly string[]) => chooseLayout(hubSourceOf(name), paths.map(file));

  it.each([
    ['int8', '_quantized', ['', '_uint8', '_int8', '_quantized', '_fp16', '_q4']],
    ['int8', '_int8', ['', '_uint8', '_int8', '_bnb4']],
    ['int8', '_uint8', ['_uint8', '_q4f16']],
    ['fp16', '_fp16', ['', '_q4f16', '_fp16', '_quantized']],
  ])('%s takes %s of %j', (precision, suffix, there) => {
    const [visual, textual] = towers(suffix);

    for (const name of [`ViT-B/32@${precision}`, `hub:owner/name@main@${precision}`]) {
      expect(layoutOf(name, there.flatMap(towers))).toEqual({ ...LAYOUTS.transformers, visual, textual });
    }
  });

  it('keeps what the catalogue knows of the model, in graphs of both towers too', () => {
    expect(layoutOf('jina-clip-v2@fp16', ['onnx/model.onnx', 'onnx/model_fp16.onnx'])).toMatchObject({
      visual: 'onnx/model_fp16.onnx',
      textual: 'onnx/model_fp16.onnx',
      facts: { dimension: 1024, padding: 'never' },
    });
  });

  it('never mixes towers of two kinds, and names what there is', () => {
    const paths = ['onnx/vision_model_quantized.onnx', 'onnx/text_model_int8.onnx', ...towers('')];

    expect(() => layoutOf('ViT-B/32@int8', paths)).toThrow(
      expect.objectContaining({
        code: 'unavailable',
        message: expect.stringMatching(
          /no int8 files for texts and for images.*text_model_int8\.onnx, .*vision_model\.onnx.*tools\/export/,
        ),
      }),
    );
  });

  it('that nobody has is refused with a few of the files only, of the same model', () => {
    const others = Array.from({ length: 40 }, (_, at) => `onnx/other${at}.onnx`);
    const source: HubSource = hubSourceOf('MobileCLIP2-S0::dfndr2b@fp16');
    const message = messageOf(() => chooseLayout(source, ['onnx/s0/text_model.onnx', ...others].map(file)));
    expect(message).toContain('It holds onnx/s0/text_model.onnx. ');

    expect(messageOf(() => layoutOf('ViT-B/32@int8', others))).toContain(' and 28 more.');
  });

  function messageOf(work: () => unknown): string {
    try {
      work();
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : '';
    }
    return '';
  }
});

describe('the files that serving takes', () => {
  const small = ['config.json', 'textual/tokenizer.json', 'visual/preprocess_cfg.json'];

  it('include external data, whatever its name, and no files of other runtimes', () => {
    const others = ['visual/model.armnn', 'visual/rknpu/model.rknn', 'textual/vocab.json', 'README.md'];
    const data = ['visual/523d3c00-47e7', 'textual/onnx__MatMul_2679'];
    const wanted = ['visual/model.onnx', 'textual/model.onnx', ...small, ...data];

    const found = neededFiles(LAYOUTS.immich, [...wanted, ...others].map(file), 'some/model');
    expect(found.map(({ path }) => path).sort()).toEqual(wanted.sort());
  });

  it('are those of one variant where a folder holds several', () => {
    const wanted = [
      'config.json',
      'tokenizer.json',
      'preprocessor_config.json',
      'onnx/model.onnx',
      'onnx/model.onnx_data',
      'onnx/model.onnx_data_1',
    ];
    const others = ['onnx/model_fp16.onnx', 'onnx/model_fp16.onnx_data', 'onnx/weights.bin'];

    const found = neededFiles(LAYOUTS.joint, [...wanted, ...others].map(file), 'some/model');
    expect(found.map(({ path }) => path).sort()).toEqual(wanted.sort());
  });

  it('that are missing are named', () => {
    expect(() => neededFiles(LAYOUTS.immich, small.map(file), 'some/model')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('visual/model.onnx, textual/model.onnx') }),
    );
  });
});
