import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseGolden, readGolden } from './golden-file.js';

const vector = (...values: number[]) => Buffer.from(new Float32Array(values).buffer).toString('base64');
const aFile = (changes: object = {}) => ({
  format: 1,
  cosine_min: 0.9999,
  texts: [{ text: 'a cat', vector: vector(1, 0.5) }],
  images: [{ png: Buffer.from('picture').toString('base64'), vector: vector(-2, 3) }],
  ...changes,
});

const tokenLabel = (text: string) =>
  parseGolden(aFile({ token_ids: [{ text, ids: [1] }] })).tokenTexts.map(({ label }) => label);

describe('golden.json', () => {
  const folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'golden-'));
    folders.push(made);
    return made;
  };
  afterEach(() => folders.splice(0).forEach((made) => rmSync(made, { recursive: true })));

  it('gives texts and pictures with their vectors', () => {
    expect(parseGolden(aFile())).toEqual({
      cosineMin: 0.9999,
      items: [
        { label: 'text 1 ("a cat")', item: { kind: 'text', text: 'a cat' }, vector: new Float32Array([1, 0.5]) },
        { label: 'image 1', item: { kind: 'image', bytes: Buffer.from('picture') }, vector: new Float32Array([-2, 3]) },
      ],
      tokenTexts: [],
    });
  });

  it('gives texts with their token ids', () => {
    const file = aFile({
      token_ids: [
        { text: '', ids: [] },
        { text: 'a cat', ids: [49406, 320, 2368, 49407] },
      ],
    });

    expect(parseGolden(file).tokenTexts).toEqual([
      { label: 'text 1 of token_ids ("")', text: '', ids: [] },
      { label: 'text 2 of token_ids ("a cat")', text: 'a cat', ids: [49406, 320, 2368, 49407] },
    ]);
  });

  it('names a text by its number and its beginning, with characters that nobody sees as numbers', () => {
    expect(tokenLabel('a\u00a0cat\u200d \ufeff')).toEqual(['text 1 of token_ids ("a\\u{a0}cat\\u{200d} \\u{feff}")']);
    expect(tokenLabel('😀'.repeat(41))).toEqual([`text 1 of token_ids ("${'😀'.repeat(40)}…")`]);
  });

  it('may be missing', async () => {
    expect(await readGolden(folder())).toBeUndefined();
  });

  it('is read from the folder', async () => {
    const made = folder();
    writeFileSync(join(made, 'golden.json'), JSON.stringify(aFile({ texts: [] })));

    expect((await readGolden(made))?.items).toHaveLength(1);
  });

  it('is refused when it is no JSON, without naming the path', async () => {
    const made = folder();
    writeFileSync(join(made, 'golden.json'), '{');

    const error: unknown = await readGolden(made).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('golden.json') });
    expect(String(error)).not.toContain(made);
  });

  it.each([
    ['another format', { format: 2 }],
    ['no bound', { cosine_min: undefined }],
    ['a bound that everything passes', { cosine_min: 0 }],
    ['a bound that nothing passes', { cosine_min: 1.5 }],
    ['no item', { texts: [], images: [] }],
    ['a text that is none', { texts: [{ text: 3, vector: vector(1) }] }],
    ['a text without a vector', { texts: [{ text: 'a' }] }],
    ['half a number', { texts: [{ text: 'a', vector: 'AAAAAAA=' }] }],
    ['token ids that are no list', { token_ids: {} }],
    ['token ids of no text', { token_ids: [{ ids: [1] }] }],
    ['a text without token ids', { token_ids: [{ text: 'a' }] }],
    ['token ids that are none', { token_ids: [{ text: 'a', ids: [1, -2] }] }],
    ['parts of token ids', { token_ids: [{ text: 'a', ids: [1.5] }] }],
    ['a picture without bytes', { images: [{ png: '', vector: vector(1) }] }],
  ])('is refused for %s', (_, changes) => {
    expect(() => parseGolden(aFile(changes))).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
