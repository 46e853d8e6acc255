import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClipModel, checkGolden, IMAGE_LIMITS_DEFAULT, openClipModel } from '../index.js';
import { compareWithGolden } from './check-golden.js';
import { type Golden, readGolden } from './golden-file.js';

const MINI_CLIP = 'models/mini-clip';
const options = { name: 'mini-clip', threads: 1, provider: 'cpu', imageLimits: IMAGE_LIMITS_DEFAULT } as const;

describe('a model held to its golden.json', () => {
  let model: ClipModel;
  let golden: Golden;
  const folders: string[] = [];
  beforeAll(async () => {
    model = await openClipModel({ ...options, folder: MINI_CLIP });
    golden = (await readGolden(MINI_CLIP))!;
  });
  afterAll(() => model.close());
  afterEach(() => folders.splice(0).forEach((made) => rmSync(made, { recursive: true })));

  it('passes as it was exported', async () => {
    const report = await checkGolden(model, MINI_CLIP);

    expect(report?.items).toBe(golden.items.length);
    expect(report?.cosineMin).toBeGreaterThan(golden.cosineMin);
    expect(report?.tokenTexts).toBe(golden.tokenTexts.length);
    expect(golden.tokenTexts.length).toBeGreaterThan(20);
  });

  it('passes a file from before texts had their token ids in it', async () => {
    const report = await compareWithGolden(model, { ...golden, tokenTexts: [] });

    expect(report).toMatchObject({ items: golden.items.length, tokenTexts: 0 });
  });

  it.each<[string, (ids: readonly number[]) => number[], string]>([
    ['another id', (ids) => ids.with(2, 7), 'part at place 3, with 736 instead of 7'],
    ['an id more', (ids) => ids.slice(0, -1), 'part at place 11, with 49407 instead of no more id'],
    ['an id less', (ids) => [...ids, 7], 'part at place 12, with no more id instead of 7'],
  ])('fails for %s than a text is asked for, with its number and the place', async (_, change, sentence) => {
    const tokenTexts = golden.tokenTexts.map((one, at) => (at === 2 ? { ...one, ids: change(one.ids) } : one));

    await expect(compareWithGolden(model, { ...golden, tokenTexts })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^The model mini-clip .*text 3 of token_ids \("a\\u\{a0\}red/),
    });
    await expect(compareWithGolden(model, { ...golden, tokenTexts })).rejects.toThrow(sentence);
  });

  it('passes unchecked when the folder has no such file', async () => {
    expect(await checkGolden(model, 'test/fixtures')).toBeUndefined();
  });

  it('fails with the item that is furthest off, and by how much', async () => {
    const items = golden.items.map((item, at) => (at === 2 ? { ...item, vector: item.vector.map((x) => -x) } : item));

    await expect(compareWithGolden(model, { ...golden, items })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /^The model mini-clip .*text 3 \(.* has a cosine of -1\.00000 .* at least 0\.999 /,
      ),
    });
  });

  it('fails when vectors have another length', async () => {
    const items = golden.items.map((item, at) => (at === 1 ? { ...item, vector: item.vector.slice(1) } : item));

    await expect(compareWithGolden(model, { ...golden, items })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/text 2 .*cannot be compared/),
    });
  });

  it('fails with the reason when an item cannot be encoded', async () => {
    const unreadable = {
      label: 'image 9',
      item: { kind: 'image', bytes: Buffer.from('x') },
      vector: new Float32Array(512),
    };

    await expect(compareWithGolden(model, { ...golden, items: [unreadable as never] })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('image 9'),
    });
  });

  it('fails for pictures when the preprocessing is that of another model', async () => {
    const folder = miniClipWith('preprocess_config.json', (text) => text.replaceAll('0.498', '0.1'));

    await expect(opened(folder)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/image \d/),
    });
  });

  it('fails for texts when the vocabulary is that of another model', async () => {
    const folder = miniClipWith('tokenizer.json', (text) =>
      text.replaceAll(/"(cat|dog)<\/w>": (\d+)/g, '"$1</w>": 320'),
    );

    await expect(opened(folder)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/text \d/),
    });
  });

  it('fails when texts of another script get other ids, though the vectors of every caption are right', async () => {
    const captions = new Set(
      golden.items.flatMap(({ item }) => (item.kind === 'text' ? model.tokenIds(item.text) : [])),
    );
    const rare = golden.tokenTexts.flatMap(({ ids }) => ids).find((id) => !captions.has(id));
    const folder = miniClipWith('tokenizer.json', (text) => text.replace(new RegExp(`: ${rare}\\b`), ': 320'));
    const changed = await openClipModel({ ...options, folder });

    await expect(compareWithGolden(changed, { ...golden, tokenTexts: [] })).resolves.toBeDefined();
    await expect(compareWithGolden(changed, golden)).rejects.toThrow(/text \d+ of token_ids .* with 320 instead of/);
    await changed.close();
  });

  /** mini-clip with one file changed; the large files are links. */
  function miniClipWith(file: string, change: (text: string) => string): string {
    const folder = mkdtempSync(join(tmpdir(), 'golden-'));
    folders.push(folder);
    for (const onnx of ['visual.onnx', 'textual.onnx']) symlinkSync(resolve(MINI_CLIP, onnx), join(folder, onnx));
    for (const small of ['tokenizer.json', 'preprocess_config.json', 'config.json', 'golden.json']) {
      if (small === file) writeFileSync(join(folder, small), change(readFileSync(join(MINI_CLIP, small), 'utf8')));
      else cpSync(join(MINI_CLIP, small), join(folder, small));
    }
    return folder;
  }

  async function opened(folder: string): Promise<void> {
    const changed = await openClipModel({ ...options, folder });
    await checkGolden(changed, folder).finally(() => changed.close());
  }
});
