import { describe, expect, it } from 'vitest';
import type { NdArray } from '#core';
import { joined } from '../../testing/json.js';
import { arrayToJson } from './json-array.js';
import { JsonCursor } from './json-cursor.js';
import { readNumberList } from './json-number-list.js';

const read = (text: string): Promise<NdArray> => readNumberList(new JsonCursor(Buffer.from(text)), ['body']);
const dense = async (text: string) => (await read(text)).dense;

describe('an array in JSON', () => {
  it('of zeros and ones is one of floats, as a mask is over the other protocols', async () => {
    const mask = await dense('[[0, 1, 1]]');
    expect(mask).toMatchObject({ dtype: '<f8', shape: [1, 3] });
    expect(new Float64Array(mask?.buffer.slice().buffer ?? new ArrayBuffer())).toEqual(Float64Array.of(0, 1, 1));
    expect(joined(arrayToJson(await read('[[0, 1, 1]]')))).toBe('[[0.0,1.0,1.0]]');
  });

  it.each([
    ['of pixels', [0, 1, 2]],
    ['of zeros alone', [0, 0]],
  ])('%s is one of bytes', async (_what, value) => {
    expect(await dense(JSON.stringify(value))).toMatchObject({ dtype: '|u1', buffer: Uint8Array.from(value) });
  });

  it.each([
    ['5', []],
    [' [ ] ', [0]],
    ['[[],[]]', [2, 0]],
    ['[[[1,2],[3,4]],[[5,6],[7,8]]]', [2, 2, 2]],
    ['[ 1 , -2.5e3\n, 0 ]', [3]],
  ])('%j has the shape %j', async (text, shape) => {
    expect(await dense(text)).toMatchObject({ shape });
  });

  it.each([
    ['small', Array.from({ length: 5 }, (_, at) => [at / 3, -1 - at])],
    [
      'longer than what is parsed at once',
      Array.from({ length: 3 }, () => Array.from({ length: 20_000 }, (_, at) => at / 7)),
    ],
    ['of many short lists', Array.from({ length: 20_000 }, (_, at) => [at, at + 1, -1 - at])],
  ])('that is %s comes back as it went', async (_what, value) => {
    expect(JSON.parse(joined(arrayToJson(await read(JSON.stringify(value)))))).toEqual(value);
  });

  it.each([
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1}',
    '[01]',
    '[1',
    '[--1]',
    '[1e]',
    '[[1],[2,3]]',
    '[[1],2]',
    '[[],5]',
    '[1,"x"]',
  ])('is none when it reads %j', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
