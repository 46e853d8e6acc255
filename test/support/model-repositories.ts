import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onnxFile, type OnnxGraph, type OnnxNode } from './onnx-file.js';
import { repositoryRoot } from './server.js';

/** The files of a repository, by path. */
export type RepositoryFiles = Readonly<Record<string, Buffer | string>>;

const SIDE = 4;

/** Towers whose answers can be worked out: the mean of each channel; sum of ids, count of them, 1. */
const TINY_DIMENSION = 3;

const PICTURE_NODES: readonly OnnxNode[] = [
  { op: 'ReduceMean', inputs: ['picture'], outputs: ['image_embeds'], ints: { axes: [2, 3], keepdims: 0 } },
];

/** A visual tower over float planes. */
export function planesTower(name = 'pixel_values', output = 'image_embeds', batch: number | string = 'batch'): Buffer {
  return onnxFile({
    nodes: rename(PICTURE_NODES, { picture: name, image_embeds: output }),
    inputs: [{ name, type: 'float32', shape: [batch, 3, SIDE, SIDE] }],
    outputs: [{ name: output, type: 'float32', shape: [batch, TINY_DIMENSION] }],
  });
}

/** A visual tower over bytes, channels last, that scales by itself: the mean of each channel over 255. */
function bytesTower(): Buffer {
  return onnxFile({
    nodes: [
      { op: 'Cast', inputs: ['image'], outputs: ['floats'], ints: { to: 1 } },
      { op: 'Div', inputs: ['floats', 'full'], outputs: ['shares'] },
      { op: 'ReduceMean', inputs: ['shares'], outputs: ['embedding'], ints: { axes: [1, 2], keepdims: 0 } },
    ],
    inputs: [{ name: 'image', type: 'uint8', shape: ['batch', SIDE, SIDE, 3] }],
    outputs: [{ name: 'embedding', type: 'float32', shape: ['batch', TINY_DIMENSION] }],
    constants: [{ name: 'full', type: 'float32', shape: [], values: [255] }],
  });
}

export interface TextTowerOptions {
  readonly input?: string;
  readonly output?: string;
  readonly type?: 'int32' | 'int64';
  readonly batch?: number | string;
  readonly sequence?: number | string;
  /** Besides the vector, the output of every token, as many exports have it. */
  readonly hidden?: boolean;
  /** External data: the file that holds the factor (1) that the vector is multiplied with. */
  readonly factorFile?: string;
}

/** A textual tower without a mask, which sees the padding: [sum of ids, tokens in the row, 1]. */
export function textTower(options: TextTowerOptions = {}): Buffer {
  return onnxFile(textGraph(options));
}

function textGraph({
  input = 'input_ids',
  output = 'text_embeds',
  type = 'int64',
  batch = 'batch',
  sequence = 'sequence',
  hidden = false,
  factorFile,
}: TextTowerOptions): OnnxGraph {
  return {
    nodes: [
      { op: 'Cast', inputs: [input], outputs: ['ids'], ints: { to: 1 } },
      { op: 'ReduceSum', inputs: ['ids', 'columns'], outputs: ['sum'], ints: { keepdims: 1 } },
      { op: 'Mul', inputs: ['ids', 'zero'], outputs: ['zeros'] },
      { op: 'Add', inputs: ['zeros', 'one'], outputs: ['ones'] },
      { op: 'ReduceSum', inputs: ['ones', 'columns'], outputs: ['tokens'], ints: { keepdims: 1 } },
      { op: 'Div', inputs: ['tokens', 'tokens'], outputs: ['unit'] },
      { op: 'Concat', inputs: ['sum', 'tokens', 'unit'], outputs: ['plain'], ints: { axis: 1 } },
      { op: 'Mul', inputs: ['plain', 'factor'], outputs: [output] },
      ...(hidden ? [{ op: 'Unsqueeze', inputs: ['ids', 'last'], outputs: ['last_hidden_state'] }] : []),
    ],
    inputs: [{ name: input, type, shape: [batch, sequence] }],
    outputs: [
      ...(hidden ? [{ name: 'last_hidden_state', type: 'float32', shape: [batch, sequence, 1] } as const] : []),
      { name: output, type: 'float32', shape: [batch, TINY_DIMENSION] },
    ],
    constants: [
      { name: 'columns', type: 'int64', shape: [1], values: [1] },
      { name: 'last', type: 'int64', shape: [1], values: [2] },
      { name: 'zero', type: 'float32', shape: [], values: [0] },
      { name: 'one', type: 'float32', shape: [], values: [1] },
      {
        name: 'factor',
        type: 'float32',
        shape: [TINY_DIMENSION],
        values: [1, 1, 1],
        ...(factorFile === undefined ? {} : { file: factorFile }),
      },
    ],
  };
}

/** PyTorch's `flatten(2)` of the patches as it is exported, whose -1 ONNX Runtime cannot work out of no pictures. */
const FLATTENING_NODES: readonly OnnxNode[] = [
  { op: 'Shape', inputs: ['picture'], outputs: ['kept'], ints: { start: 0, end: 2 } },
  { op: 'Concat', inputs: ['kept', 'rest'], outputs: ['flat_shape'], ints: { axis: 0 } },
  { op: 'Reshape', inputs: ['picture', 'flat_shape'], outputs: ['flat'] },
  { op: 'ReduceMean', inputs: ['flat'], outputs: ['image_embeds'], ints: { axes: [2], keepdims: 0 } },
];

/**
 * Both towers in one graph, with the logits between them as transformers' exports have. `flattens`: as those of a ViT
 * do, so that it does not run without a picture.
 */
export function jointTower({ flattens }: { readonly flattens: boolean }): Buffer {
  const text = textGraph({ output: 'text_embeds' });
  return onnxFile({
    nodes: [
      ...text.nodes,
      ...rename(flattens ? FLATTENING_NODES : PICTURE_NODES, { picture: 'pixel_values' }),
      { op: 'Transpose', inputs: ['image_embeds'], outputs: ['turned'], ints: { perm: [1, 0] } },
      { op: 'MatMul', inputs: ['text_embeds', 'turned'], outputs: ['logits_per_text'] },
    ],
    inputs: [...text.inputs, { name: 'pixel_values', type: 'float32', shape: ['pictures', 3, SIDE, SIDE] }],
    outputs: [
      { name: 'logits_per_text', type: 'float32', shape: ['batch', 'pictures'] },
      ...text.outputs,
      { name: 'image_embeds', type: 'float32', shape: ['pictures', TINY_DIMENSION] },
    ],
    constants: [...(text.constants ?? []), { name: 'rest', type: 'int64', shape: [1], values: [-1] }],
  });
}

/** CLIP's own tokenizer, from the embedded model. */
const clipTokenizer = (): Buffer => readFileSync(join(repositoryRoot, 'models/mini-clip/tokenizer.json'));

/** A tokenizer as SigLIP's exports have: words, an end token, and a pad token of its own. */
function wordTokenizer(): string {
  const vocab = ['<pad>', '</s>', '<unk>', 'a', 'cat', 'dog', 'red', 'big', 'two'];
  return JSON.stringify({
    version: '1.0',
    added_tokens: vocab.slice(0, 3).map((content, id) => ({ id, content, special: true })),
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
      pair: [],
      special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
    },
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(vocab.map((word, id) => [word, id])),
      unk_token: '<unk>',
    },
  });
}

const json = (value: unknown): string => JSON.stringify(value);
const OPEN_CLIP_PREPROCESS = {
  size: [SIDE, SIDE],
  mode: 'RGB',
  mean: [0, 0, 0],
  std: [1, 1, 1],
  interpolation: 'bicubic',
  resize_mode: 'shortest',
};
const HF_PREPROCESS = {
  do_center_crop: true,
  do_normalize: true,
  size: { shortest_edge: SIDE },
  crop_size: { height: SIDE, width: SIDE },
  image_mean: [0, 0, 0],
  image_std: [1, 1, 1],
  resample: 3,
};

/** What immich-app publishes of an open_clip model: batch fixed to 1, 77 tokens of int32, other runtimes' files too. */
export function immichRepository(): RepositoryFiles {
  return {
    'README.md': 'a model',
    'config.json': json({
      embed_dim: TINY_DIMENSION,
      vision_cfg: { image_size: SIDE },
      text_cfg: { context_length: 77 },
    }),
    'visual/model.onnx': planesTower('image', 'embedding', 1),
    'visual/model.armnn': 'x'.repeat(50_000),
    'visual/preprocess_cfg.json': json(OPEN_CLIP_PREPROCESS),
    'textual/model.onnx': textTower({ input: 'text', output: 'embedding', type: 'int32', batch: 1, sequence: 77 }),
    'textual/fp16/model.armnn': 'x'.repeat(50_000),
    'textual/merges.txt': 'a b',
    'textual/tokenizer.json': clipTokenizer(),
    'textual/tokenizer_config.json': json({ pad_token: '<|endoftext|>' }),
  };
}

/** The same of a large SigLIP: weights in own files, pictures squashed, the whole context filled, canonical texts. */
export function immichSiglipRepository(): RepositoryFiles {
  return {
    'config.json': json({
      embed_dim: TINY_DIMENSION,
      vision_cfg: { image_size: SIDE },
      text_cfg: {
        context_length: 64,
        no_causal_mask: true,
        pool_type: 'last',
        tokenizer_kwargs: { clean: 'canonicalize' },
      },
    }),
    'visual/model.onnx': planesTower('image', 'embedding'),
    'visual/preprocess_cfg.json': json({
      ...OPEN_CLIP_PREPROCESS,
      resize_mode: 'squash',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    }),
    'textual/model.onnx': textTower({
      input: 'text',
      output: 'embedding',
      type: 'int32',
      factorFile: '3b719d32-4886-11ef',
    }),
    'textual/3b719d32-4886-11ef': Buffer.from(Float32Array.of(1, 1, 1).buffer),
    'textual/tokenizer.json': wordTokenizer(),
    'textual/tokenizer_config.json': json({ pad_token: { content: '</s>' } }),
  };
}

/** What immich-app's next exporter writes: bytes in, all axes dynamic. */
export function immichBytesRepository(): RepositoryFiles {
  return {
    ...immichRepository(),
    'visual/model.onnx': bytesTower(),
    'textual/model.onnx': textTower({ input: 'text', output: 'embedding', type: 'int32' }),
  };
}

/** What transformers.js reads of CLIP, with the variants that its repositories hold. */
export function transformersRepository(): RepositoryFiles {
  return {
    '.gitattributes': '*.onnx filter=lfs',
    'config.json': json({
      model_type: 'clip',
      projection_dim: TINY_DIMENSION,
      text_config: { max_position_embeddings: 77 },
    }),
    'preprocessor_config.json': json(HF_PREPROCESS),
    'tokenizer.json': clipTokenizer(),
    'tokenizer_config.json': json({ pad_token: '<|endoftext|>' }),
    'onnx/vision_model.onnx': planesTower(),
    'onnx/vision_model_quantized.onnx': 'q'.repeat(40_000),
    'onnx/text_model.onnx': textTower(),
    'onnx/text_model_fp16.onnx': 'h'.repeat(40_000),
  };
}

/** What transformers.js reads of SigLIP: `pooler_output` after each token's output, bilinear, little in config.json. */
export function transformersSiglipRepository(): RepositoryFiles {
  return {
    'config.json': json({ model_type: 'siglip', text_config: { hidden_size: TINY_DIMENSION }, vision_config: {} }),
    'preprocessor_config.json': json({
      do_normalize: true,
      size: { height: SIDE, width: SIDE },
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      resample: 2,
    }),
    'tokenizer.json': wordTokenizer(),
    'tokenizer_config.json': json({ pad_token: '</s>' }),
    'onnx/vision_model.onnx': planesTower('pixel_values', 'pooler_output'),
    'onnx/text_model.onnx': textTower({ output: 'pooler_output', hidden: true }),
  };
}

/**
 * Both towers in one graph, as jina-clip-v2 and Chinese CLIP are published; open_clip's words in a file of
 * transformers'.
 */
export function jointRepository(): RepositoryFiles {
  return {
    'config.json': json({ projection_dim: TINY_DIMENSION, text_config: { max_position_embeddings: 512 } }),
    'preprocessor_config.json': json(OPEN_CLIP_PREPROCESS),
    'tokenizer.json': wordTokenizer(),
    'tokenizer_config.json': json({ pad_token: '<pad>' }),
    'onnx/model.onnx': jointTower({ flattens: true }),
    'onnx/model_fp16.onnx': 'h'.repeat(40_000),
  };
}

function rename(nodes: readonly OnnxNode[], names: Readonly<Record<string, string>>): OnnxNode[] {
  const renamed = (list: readonly string[]) => list.map((name) => names[name] ?? name);
  return nodes.map((node) => ({ ...node, inputs: renamed(node.inputs), outputs: renamed(node.outputs) }));
}
