import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fieldsOf, readFields } from '../files/json-fields.js';
import { layoutOf } from '../files/layout.js';
import { isClipTokenizer } from './clip-tokenizer.js';

/** Larger files are left alone: parsing them would hold up whoever asks. */
const FILE_BYTES_MAX = 8e6;

const NAMES: Readonly<Record<string, string>> = {
  BPE: 'byte-pair encoding',
  Unigram: 'SentencePiece unigram',
  WordPiece: 'WordPiece',
};

/**
 * Names what cuts texts into tokens, as `tokenizer.json` of a model's folder says; undefined when it names nothing
 * known, or is larger than 8 MB. Rejects with `unavailable` when a file is missing or cannot be read.
 */
export async function readTokenizerName(folder: string): Promise<string | undefined> {
  const { tokenizer } = await layoutOf(folder);
  const path = join(folder, tokenizer);
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (bytes > FILE_BYTES_MAX) return undefined;
  const json = await readFields(path, tokenizer);
  if (isClipTokenizer(json)) return 'CLIP byte-pair encoding';
  const { type } = fieldsOf(json['model']);
  return typeof type === 'string' ? NAMES[type] : undefined;
}
