import { readFileSync } from 'node:fs';
import { InferenceSession } from './onnx-runtime.js';
import { describe, expect, it, vi } from 'vitest';
import type { EncodeItem } from '#core';
import { jointTower } from '../../../../test/support/model-repositories.js';
import { openTokenizer } from '../tokenizer/open-tokenizer.js';
import { TextualTower } from './textual-tower.js';

const tokenizer = openTokenizer(JSON.parse(readFileSync('models/mini-clip/tokenizer.json', 'utf8')));
const texts = ['cat', 'a photo of a cat', '', 'one two three four five six seven eight nine', 'dog'];
const text = (value: string): EncodeItem => ({ kind: 'text', text: value });
const sum = (ids: number[]): number => ids.reduce((total, id) => total + id, 0);

async function encode(file: string, items: EncodeItem[], tokens = tokenizer): Promise<(number[] | string)[]> {
  const session = await InferenceSession.create(`test/reference/towers/${file}`);
  const tower = await TextualTower.open(session, tokens, { contextLength: 77, dimension: 3, imageSize: 4 }, 48);
  const results = await tower.run(tower.prepare(items));
  await session.release();
  return results.map((result) => (result.ok ? [...result.embedding] : result.error.code));
}

describe('a textual tower', () => {
  it('of fixed batch and width gets full rows, and texts are cut to its width', async () => {
    const expected = texts.map((value) => tokenizer.encode(value, 8)).map((ids) => [sum(ids), ids.length, 8]);

    expect(await encode('textual-fixed.onnx', texts.map(text))).toEqual(expected);
  });

  it('with an attention mask sees no padding, whatever else is in the batch', async () => {
    const expected = texts.map((value) => tokenizer.encode(value, 77)).map((ids) => [sum(ids), ids.length]);
    const got = await encode('textual-masked.onnx', texts.map(text));

    expect(got.map((vector) => vector.slice(0, 2))).toEqual(expected);
  });

  it('runs long and short texts apart, so that short ones are not padded to the longest', async () => {
    const items = [text('word '.repeat(60)), ...Array.from({ length: 8 }, () => text('cat'))];
    const [long, ...short] = await encode('textual-masked.onnx', items);

    expect(long?.[2]).toBe(62);
    expect(short.map((vector) => vector[2])).toEqual(short.map(() => 3));
  });

  it('that answers in half precision is widened', async () => {
    const small = { padId: 0, encode: () => [1, 2] };

    expect(await encode('textual-half.onnx', [text('')], small)).toEqual([[3, 2, 2]]);
  });

  it('makes a text that cannot be tokenized the error of that text alone', async () => {
    const failing = {
      padId: 0,
      encode: (value: string) => {
        if (value === 'bad') throw new RangeError('Maximum call stack size exceeded');
        return [1, 2];
      },
    };

    const results = await encode('textual-masked.onnx', ['a', 'bad', 'b'].map(text), failing);

    expect(results).toEqual([[3, 2, 2], 'internal', [3, 2, 2]]);
  });

  it('answers with an error of the item where its numbers overflow, not with infinity', async () => {
    expect(await encode('textual-half.onnx', [text('')])).toEqual(['internal']);
  });

  it('refuses a picture in its own slot only', async () => {
    const picture: EncodeItem = { kind: 'image', bytes: new Uint8Array(4) };

    expect(await encode('textual-masked.onnx', [text(''), picture])).toEqual([[98_813, 2, 2], 'invalid_argument']);
  });
});

describe('a textual tower in one graph with the visual one', () => {
  it.each([
    ['gets no picture where the graph runs without', false, 0],
    ['gets one blank picture a run where it does not', true, 1],
  ])('%s', async (_, flattens, pictures) => {
    const session = await openQuietly(jointTower({ flattens }));
    const facts = { contextLength: 77, dimension: 3, imageSize: 4 };
    const tower = await TextualTower.open(session, tokenizer, facts, 0);
    const runs = vi.spyOn(session, 'run');

    const results = await tower.run(tower.prepare(['cat', 'a dog', 'cat'].map(text)));

    expect(results.map((result) => result.ok && result.embedding[1])).toEqual([3, 4, 3]);
    const fed = runs.mock.calls.map(([feeds]) => feeds['pixel_values']?.dims);
    expect(fed).toEqual([
      [pictures, 3, 4, 4],
      [pictures, 3, 4, 4],
    ]);
    await session.release();
  });

  it('splits a batch only where that saves more padding than a picture costs', async () => {
    const session = await openQuietly(jointTower({ flattens: true }));
    const facts = { contextLength: 77, dimension: 3, imageSize: 32 };
    const tower = await TextualTower.open(session, tokenizer, facts, 0);
    const runs = (longest: number) => tower.prepare([text('cat'), text('cat '.repeat(longest))]).runs.length;

    expect([runs(2), runs(20)]).toEqual([1, 2]);
    await session.release();
  });

  /** As the service does: the run that is tried without a picture is no error to log. */
  const openQuietly = (graph: Buffer) => InferenceSession.create(graph, { logSeverityLevel: 4 });
});
