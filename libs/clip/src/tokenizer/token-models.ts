import { type Fields, fieldsOf } from '../files/json-fields.js';
import { BytePairModel, hasMerges } from './byte-pair-model.js';
import type { TokenModel } from './token-model.js';
import { UnigramModel } from './unigram-model.js';
import { quoted, unlikeReference } from './unlike-reference.js';
import { WordLevelModel, WordPieceModel } from './word-models.js';

/**
 * The `model` of a `tokenizer.json`, as Rust's `tokenizers` runs it. Files from before 2022 do not name its type. Throws
 * `unavailable` for one that is not known.
 */
export function tokenModelOf(value: unknown): TokenModel {
  const model = fieldsOf(value);
  switch (model['type'] ?? typeByFields(model)) {
    case 'BPE':
      return new BytePairModel(model);
    case 'Unigram':
      return new UnigramModel(model);
    case 'WordPiece':
      return new WordPieceModel(model);
    case 'WordLevel':
      return new WordLevelModel(model);
    default:
      throw unlikeReference(`the model ${quoted(model['type'])}`, 'an unknown type');
  }
}

function typeByFields(model: Fields): string | undefined {
  if (hasMerges(model)) return 'BPE';
  if (Array.isArray(model['vocab'])) return 'Unigram';
  if (model['continuing_subword_prefix'] !== undefined) return 'WordPiece';
  return model['vocab'] === undefined ? undefined : 'WordLevel';
}
