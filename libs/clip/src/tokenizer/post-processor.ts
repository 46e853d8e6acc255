import { type Fields, fieldsOf, modelBroken } from '../files/json-fields.js';
import { quoted, unlikeReference } from './unlike-reference.js';

/** The ids before and after those of a text. */
export interface Surroundings {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const NOTHING: Surroundings = { before: [], after: [] };

/**
 * Reads which ids the `post_processor` of a `tokenizer.json` puts around one text, as Rust's `tokenizers` does
 * (`processors/*.rs`). Throws `unavailable` for an unknown one.
 *
 * @example
 * surroundingsOf({ type: 'BertProcessing', cls: ['[CLS]', 101], sep: ['[SEP]', 102] });
 * // { before: [101], after: [102] }
 */
export function surroundingsOf(value: unknown): Surroundings {
  if (value === null || value === undefined) return NOTHING;
  const config = fieldsOf(value);
  switch (config['type']) {
    case 'ByteLevel':
      return NOTHING; // moves offsets only
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { before: [pairId(config['cls'])], after: [pairId(config['sep'])] };
    case 'TemplateProcessing':
      return templateOf(config);
    case 'Sequence':
      return onlyOne(listOf(config['processors']).map(surroundingsOf));
    default:
      throw unlikeReference(`the post-processor ${quoted(config['type'])}`, 'an unknown type');
  }
}

/** Rust runs the second processor over each piece that the first one made, which no model wants. */
function onlyOne(list: readonly Surroundings[]): Surroundings {
  const adding = list.filter(({ before, after }) => before.length + after.length > 0);
  if (adding.length <= 1) return adding[0] ?? NOTHING;
  throw unlikeReference('two post-processors that add tokens', 'one is');
}

function templateOf({ single, special_tokens }: Fields): Surroundings {
  const specials = fieldsOf(special_tokens);
  const before: number[] = [];
  const after: number[] = [];
  let texts = 0;
  for (const piece of listOf(single).map(fieldsOf)) {
    const name = fieldsOf(piece['SpecialToken'])['id'];
    if (fieldsOf(piece['Sequence'])['id'] === 'A') texts += 1;
    else if (typeof name === 'string') (texts === 0 ? before : after).push(...idsOf(fieldsOf(specials[name])));
    else
      throw unlikeReference(
        `the post-processor "TemplateProcessing" with ${quoted(piece)}`,
        'one text is encoded at a time',
      );
  }
  if (texts === 1) return { before, after };
  throw unlikeReference('the post-processor "TemplateProcessing" without its text', 'the text must stand in it once');
}

function idsOf({ ids }: Fields): number[] {
  const found = listOf(ids).filter((id) => typeof id === 'number');
  if (found.length > 0) return found;
  throw modelBroken('the template of tokenizer.json names a special token without ids', JSON.stringify(ids));
}

/** Reads the id of `["</s>", 2]`. */
function pairId(value: unknown): number {
  const id = listOf(value)[1];
  if (typeof id === 'number') return id;
  throw modelBroken('the post-processor of tokenizer.json names a token without its id', JSON.stringify(value));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
