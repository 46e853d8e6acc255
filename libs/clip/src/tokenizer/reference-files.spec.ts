import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from './open-tokenizer.js';

interface ReferenceFile {
  readonly name: string;
  readonly file: Record<string, unknown>;
  /** By the place of the text. */
  readonly ids: Record<string, number[]>;
}

const [first, ...lines] = readFileSync('test/reference/tokens/pipelines.jsonl', 'utf8').trim().split('\n');
const { texts, models } = JSON.parse(first!) as { texts: string[]; models: Record<string, object> };
const files = lines.map((line) => JSON.parse(line) as ReferenceFile);
const opened = ({ file }: ReferenceFile) => openTokenizer({ ...file, model: models[String(file['model'])] });

/** Long without a blank, long with many, and what BPE and Unigram can cut in several ways. */
const LONG_TEXTS = [
  'abehlnot'.repeat(2_100),
  'hellohello banana '.repeat(950),
  `${' '.repeat(17_000)}a cat${' \n'.repeat(9_000)}dog`,
  '猫の写真cafe\u0301ΟΔΟΣ'.repeat(1_300),
];

describe("tokenizer files of every known part, beside Hugging Face's Rust library", () => {
  it.each(files.map((file) => [file.name, file] as const))('%s: the same ids on every text', (_, file) => {
    const tokenizer = opened(file);
    const got = Object.keys(file.ids).map((at) => [at, tokenizer.encode(texts[Number(at)]!, 100_000)]);

    expect(Object.fromEntries(got)).toEqual(file.ids);
  });

  it.each(files.map((file) => [file.name, file] as const))('%s: cut ids are the first of all ids', (_, file) => {
    const tokenizer = opened(file);
    const none = tokenizer.encode('', 100_000).length;
    for (const text of LONG_TEXTS) {
      const [all, cut] = [tokenizer.encode(text, 1e9), tokenizer.encode(text, 40)];
      const kept = Math.min(40 - none, all.length);
      expect(cut).toHaveLength(Math.min(40, all.length));
      expect(cut.filter((id, at) => at < kept && id !== all[at])).toEqual([]);
    }
  });
});
