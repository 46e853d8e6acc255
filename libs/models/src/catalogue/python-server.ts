import { LAYOUTS } from '#clip';
import { type CatalogueEntry, PRECISIONS, type TokenizerName } from './entry.js';

/** Name, dimension, side of the picture, megabytes, and the short names of OpenAI. */
type Row = readonly [name: string, dimension: number, imageSize: number, megabytes: number, ...aliases: string[]];

/**
 * The names that the Python server takes (`server/clip_server/model/pretrained_models.py`, version 0.8.4).
 *
 * OpenAI's ViTs come from transformers.js' exports, whose batch and sequence are dynamic; the others from immich-app,
 * whose files may have a fixed batch of 1, which is slower. Sizes: 4 bytes a parameter of open_clip's
 * `docs/model_profile.csv`.
 */
const OPENAI_VIT: readonly (readonly [repository: string, ...Row])[] = [
  ['Xenova/clip-vit-base-patch32', 'ViT-B-32::openai', 512, 224, 608, 'ViT-B/32', 'ViT-B-32'],
  ['Xenova/clip-vit-base-patch16', 'ViT-B-16::openai', 512, 224, 601, 'ViT-B/16', 'ViT-B-16'],
  ['Xenova/clip-vit-large-patch14', 'ViT-L-14::openai', 768, 224, 1714, 'ViT-L/14', 'ViT-L-14'],
  ['Xenova/clip-vit-large-patch14-336', 'ViT-L-14-336::openai', 768, 336, 1715, 'ViT-L/14@336px', 'ViT-L-14-336'],
];

const IMMICH: readonly Row[] = [
  ['RN50::openai', 1024, 224, 411, 'RN50'],
  ['RN50::yfcc15m', 1024, 224, 411],
  ['RN50::cc12m', 1024, 224, 411],
  ['RN101::openai', 512, 224, 482, 'RN101'],
  ['RN101::yfcc15m', 512, 224, 482],
  ['RN50x4::openai', 640, 288, 717, 'RN50x4'],
  ['RN50x16::openai', 768, 384, 1167, 'RN50x16'],
  ['RN50x64::openai', 1024, 448, 2497, 'RN50x64'],
  ['ViT-B-32::laion2b_e16', 512, 224, 609],
  ['ViT-B-32::laion400m_e31', 512, 224, 609],
  ['ViT-B-32::laion400m_e32', 512, 224, 609],
  ['ViT-B-32::laion2b-s34b-b79k', 512, 224, 609],
  ['ViT-B-16::laion400m_e31', 512, 224, 602],
  ['ViT-B-16::laion400m_e32', 512, 224, 602],
  ['ViT-B-16-plus-240::laion400m_e31', 640, 240, 837],
  ['ViT-B-16-plus-240::laion400m_e32', 640, 240, 837],
  ['ViT-L-14::laion400m_e31', 768, 224, 1714],
  ['ViT-L-14::laion400m_e32', 768, 224, 1714],
  ['ViT-L-14::laion2b-s32b-b82k', 768, 224, 1714],
  ['ViT-H-14::laion2b-s32b-b79k', 1024, 224, 3948],
  ['ViT-g-14::laion2b-s12b-b42k', 1024, 224, 5470],
];

/** Trained by LAION over XLM-RoBERTa; the repositories spell the names their own way. */
const XLM_ROBERTA: readonly (readonly [repository: string, ...Row])[] = [
  [
    'immich-app/XLM-Roberta-Base-ViT-B-32__laion5b_s13b_b90k',
    'xlm-roberta-base-ViT-B-32::laion5b-s13b-b90k',
    512,
    224,
    1482,
  ],
  [
    'immich-app/XLM-Roberta-Large-ViT-H-14__frozen_laion5b_s13b_b90k',
    'xlm-roberta-large-ViT-H-14::frozen_laion5b_s13b_b90k',
    1024,
    224,
    4790,
  ],
];

const MULTILINGUAL_CLIP: readonly Row[] = [
  ['M-CLIP/XLM-Roberta-Large-Vit-B-32', 512, 224, 2610],
  ['M-CLIP/XLM-Roberta-Large-Vit-L-14', 768, 224, 3480],
  ['M-CLIP/XLM-Roberta-Large-Vit-B-16Plus', 640, 240, 2730],
  ['M-CLIP/LABSE-Vit-L-14', 768, 224, 3120],
];

const CHINESE_CLIP: readonly (readonly [repository: string, ...Row])[] = [
  ['Xenova/chinese-clip-vit-base-patch16', 'CN-CLIP/ViT-B-16', 512, 224, 755],
  ['Xenova/chinese-clip-vit-large-patch14', 'CN-CLIP/ViT-L-14', 768, 224, 1631],
  ['Xenova/chinese-clip-vit-large-patch14-336px', 'CN-CLIP/ViT-L-14-336', 768, 336, 1631],
];

const UNPUBLISHED: readonly (readonly [licence: string, tokenizer: TokenizerName, ...Row])[] = [
  ['MIT', 'RoBERTa byte-pair encoding', 'roberta-ViT-B-32::laion2b-s12b-b32k', 512, 224, 851],
  ['Apache-2.0', 'WordPiece', 'CN-CLIP/ViT-H-14', 1024, 224, 3830],
  ['Apache-2.0', 'WordPiece', 'CN-CLIP/RN50', 1024, 224, 308],
];

/** What Chinese CLIP was trained on; its BERT would take 512. */
const CHINESE_CONTEXT = 52;
/** OpenAI's, and open_clip's where a model does not say otherwise (`CLIPTextCfg.context_length`). */
const CLIP_CONTEXT = 77;
const EXPORT_IT = 'No ONNX files are published. Export them and put the folder into CAS_MODEL_DIR.';

export const PYTHON_SERVER_MODELS: readonly CatalogueEntry[] = [
  ...OPENAI_VIT.map(([repository, ...row]) =>
    entry(row, { repository, layout: LAYOUTS.transformers, variants: PRECISIONS, licence: 'MIT' }),
  ),
  ...IMMICH.map((row) =>
    entry(row, { repository: `immich-app/${row[0].replace('::', '__')}`, layout: LAYOUTS.immich, licence: 'MIT' }),
  ),
  ...XLM_ROBERTA.map(([repository, ...row]) =>
    entry(row, { repository, layout: LAYOUTS.immich, licence: 'MIT', tokenizer: 'SentencePiece unigram' }),
  ),
  ...MULTILINGUAL_CLIP.map((row) =>
    entry(row, {
      repository: row[0].replace('M-CLIP/', 'immich-app/'),
      layout: { ...LAYOUTS.immich, facts: { dimension: row[1] } },
      licence: 'MIT',
      tokenizer: row[0].includes('LABSE') ? 'WordPiece' : 'SentencePiece unigram',
      contextLength: undefined,
    }),
  ),
  ...CHINESE_CLIP.map(([repository, ...row]) =>
    entry(row, {
      repository,
      layout: { ...LAYOUTS.joint, facts: { dimension: row[1], contextLength: CHINESE_CONTEXT } },
      variants: PRECISIONS,
      licence: 'Apache-2.0',
      tokenizer: 'WordPiece',
      contextLength: CHINESE_CONTEXT,
      note: 'One graph holds both towers: a batch of texts also costs a picture, and a picture a token of text.',
    }),
  ),
  ...UNPUBLISHED.map(([licence, tokenizer, ...row]) =>
    entry(row, {
      ...{ repository: undefined, layout: LAYOUTS.flat, licence, tokenizer, note: EXPORT_IT },
      contextLength: tokenizer === 'WordPiece' ? CHINESE_CONTEXT : CLIP_CONTEXT,
    }),
  ),
];

function entry(
  [name, dimension, imageSize, megabytes, ...aliases]: Row,
  rest: Pick<CatalogueEntry, 'repository' | 'layout' | 'licence' | 'note'> &
    Partial<Pick<CatalogueEntry, 'variants' | 'tokenizer' | 'contextLength'>>,
): CatalogueEntry {
  const texts = { tokenizer: 'CLIP byte-pair encoding', contextLength: CLIP_CONTEXT } as const;
  return { name, aliases, variants: [], dimension, imageSize, ...texts, megabytes, checked: 'read', ...rest };
}
