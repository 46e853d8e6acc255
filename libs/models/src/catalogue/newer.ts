import { type Layout, LAYOUTS } from '#clip';
import { type CatalogueEntry, PRECISIONS } from './entry.js';

/** Name in open_clip's form, dimension, side of the picture, megabytes. */
type Row = readonly [name: string, dimension: number, imageSize: number, megabytes: number];

/** Sigmoid models with English text; sizes as in `python-server.ts`. */
const SIGLIP: readonly Row[] = [
  ['ViT-B-16-SigLIP::webli', 768, 224, 815],
  ['ViT-B-16-SigLIP-256::webli', 768, 256, 815],
  ['ViT-B-16-SigLIP-384::webli', 768, 384, 816],
  ['ViT-B-16-SigLIP-512::webli', 768, 512, 818],
  ['ViT-B-16-SigLIP-i18n-256::webli', 768, 256, 1490],
  ['ViT-L-16-SigLIP-256::webli', 1024, 256, 2611],
  ['ViT-L-16-SigLIP-384::webli', 1024, 384, 2612],
  ['ViT-SO400M-14-SigLIP-384::webli', 1152, 384, 3514],
];

/** Multilingual; the vocabulary of Gemma (256,000 tokens) makes up much of the size. */
const SIGLIP_2: readonly Row[] = [
  ['ViT-B-32-SigLIP2-256::webli', 768, 256, 1540],
  ['ViT-B-16-SigLIP2::webli', 768, 224, 1540],
  ['ViT-L-16-SigLIP2-256::webli', 1024, 256, 3560],
  ['ViT-L-16-SigLIP2-384::webli', 1024, 384, 3560],
  ['ViT-L-16-SigLIP2-512::webli', 1024, 512, 3570],
  ['ViT-SO400M-14-SigLIP2::webli', 1152, 224, 4580],
  ['ViT-SO400M-14-SigLIP2-378::webli', 1152, 378, 4580],
  ['ViT-SO400M-16-SigLIP2-256::webli', 1152, 256, 4580],
  ['ViT-SO400M-16-SigLIP2-384::webli', 1152, 384, 4580],
  ['ViT-SO400M-16-SigLIP2-512::webli', 1152, 512, 4590],
  ['ViT-gopt-16-SigLIP2-256::webli', 1536, 256, 7520],
  ['ViT-gopt-16-SigLIP2-384::webli', 1536, 384, 7520],
];

/** Apple's data filtering networks. */
const DFN: readonly Row[] = [
  ['ViT-L-14-quickgelu::dfn2b', 768, 224, 1718],
  ['ViT-H-14-quickgelu::dfn5b', 1024, 224, 3948],
  ['ViT-H-14-378-quickgelu::dfn5b', 1024, 378, 3950],
];

/** Folder of the files in `plhery/mobileclip2-onnx`, whose towers lie side by side with the sizes of the family. */
const MOBILE_CLIP_2: readonly (readonly [folder: string, ...Row])[] = [
  ['s0', 'MobileCLIP2-S0::dfndr2b', 512, 256, 300],
  ['s2', 'MobileCLIP2-S2::dfndr2b', 512, 256, 400],
  ['b', 'MobileCLIP2-B::dfndr2b', 512, 224, 600],
  ['l14', 'MobileCLIP2-L-14::dfndr2b', 768, 224, 1720],
];

/** exp of the learned temperature of google/siglip2-base-patch16-224: only the sharpness of a ranking depends on it. */
const SIGLIP_2_BASE_SCALE = Math.exp(4.724453449249268);

/** What texts of SigLIP become: 64 tokens, with the vocabularies of T5 (mT5) and, in the second version, of Gemma. */
const SIGLIP_TEXTS = { contextLength: 64, tokenizer: 'SentencePiece unigram' } as const;
const SIGLIP_2_TEXTS = { contextLength: 64, tokenizer: 'Gemma byte-pair encoding' } as const;

const FAMILIES: readonly CatalogueEntry[] = [
  ...SIGLIP.map((row) => ({ ...immich(row, 'Apache-2.0'), ...SIGLIP_TEXTS })),
  ...SIGLIP_2.map((row) => ({
    ...immich(row, 'Apache-2.0', row[0].startsWith('ViT-B-16') ? { logitScale: SIGLIP_2_BASE_SCALE } : {}),
    ...SIGLIP_2_TEXTS,
  })),
  ...DFN.map((row) => immich(row, 'Apple, research only')),
  ...MOBILE_CLIP_2.map(([folder, ...row]) => ({
    ...plain(row),
    repository: 'plhery/mobileclip2-onnx',
    layout: mobileClip(folder, row),
    licence: 'Apple, research only',
  })),
];

const JINA: readonly CatalogueEntry[] = [
  {
    ...plain(['jina-clip-v1', 768, 224, 893]),
    aliases: ['jinaai/jina-clip-v1'],
    ...{ contextLength: 512, tokenizer: 'WordPiece' },
    repository: 'jinaai/jina-clip-v1',
    variants: PRECISIONS,
    // Its text tower takes the mean over all tokens, and the export has no mask.
    layout: { ...LAYOUTS.transformers, facts: { dimension: 768, contextLength: 512, padding: 'never' } },
    licence: 'Apache-2.0',
  },
  {
    ...plain(['jina-clip-v2', 1024, 512, 3452]),
    aliases: ['jinaai/jina-clip-v2'],
    ...{ contextLength: 512, tokenizer: 'SentencePiece unigram' },
    repository: 'jinaai/jina-clip-v2',
    variants: PRECISIONS,
    // It would take 8192 tokens; a caption has no need, and memory grows with the square.
    layout: { ...LAYOUTS.joint, facts: { dimension: 1024, contextLength: 512, padding: 'never' } },
    licence: 'CC-BY-NC-4.0',
    note: 'One graph holds both towers: a picture also costs a token of text.',
  },
];

/** Models that came after the Python server, of those with published ONNX files. */
export const NEWER_MODELS: readonly CatalogueEntry[] = [...FAMILIES, ...JINA];

function plain([name, dimension, imageSize, megabytes]: Row): Pick<
  CatalogueEntry,
  'name' | 'aliases' | 'variants' | 'dimension' | 'imageSize' | 'contextLength' | 'tokenizer' | 'megabytes' | 'checked'
> {
  const texts = { contextLength: 77, tokenizer: 'CLIP byte-pair encoding' } as const;
  return { name, aliases: [], variants: [], dimension, imageSize, ...texts, megabytes, checked: 'read' };
}

function immich(row: Row, licence: string, facts: Layout['facts'] = {}): CatalogueEntry {
  return {
    ...plain(row),
    repository: `immich-app/${row[0].replace('::', '__')}`,
    layout: { ...LAYOUTS.immich, facts },
    licence,
  };
}

function mobileClip(folder: string, [, dimension]: Row): Layout {
  return {
    ...LAYOUTS.transformers,
    visual: `onnx/${folder}/vision_model.onnx`,
    textual: `onnx/${folder}/text_model.onnx`,
    preprocess: `onnx/${folder}/preprocessor_config.json`,
    config: `onnx/${folder}/config.json`,
    // Some of the text towers are not causal; filling up to the 77 of their training is right for all.
    facts: { dimension, contextLength: 77, padding: 'full' },
  };
}
