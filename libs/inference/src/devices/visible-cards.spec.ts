import { describe, expect, it } from 'vitest';
import { cardLine } from '../testing/device-sources.js';
import { CARD_FIELDS, parseCards } from './parse-cards.js';
import { visibleCards } from './visible-cards.js';

const A = 'GPU-aaaa1111-0000';
const B = 'GPU-aaaa2222-0000';
const C = 'GPU-cccc3333-0000';

const three = parseCards(
  [cardLine(0, { uuid: A }), cardLine(1, { uuid: B }), cardLine(2, { uuid: C })].join('\n'),
  CARD_FIELDS,
);

function numbers(CUDA_VISIBLE_DEVICES: string | undefined) {
  return visibleCards(three, CUDA_VISIBLE_DEVICES === undefined ? {} : { CUDA_VISIBLE_DEVICES }).cards.map(
    ({ index }) => index,
  );
}

describe('CUDA_VISIBLE_DEVICES', () => {
  it.each<[string | undefined, number[]]>([
    [undefined, [0, 1, 2]],
    ['', []],
    ['-1', []],
    ['NoDevFiles', []],
    ['1', [1]],
    ['2,0', [2, 0]],
    [' 2 , +1', [2, 1]],
    ['0,-1,2', [0]],
    ['0,7,2', [0]],
    ['1gpu0,2x', [1, 2]],
    ['-0,1', [0, 1]],
    ['0,1,0', []],
    ['4,0', []],
    [C, [2]],
    ['GPU-cccc', [2]],
    [`${B},${A}`, [1, 0]],
    ['GPU-aaaa', []],
    [`${C},GPU-aaaa,${A}`, [2]],
    [`${A},${A}`, []],
    ['GPU-dddd', []],
  ])('%s shows the cards %j', (text, expected) => {
    expect(numbers(text)).toEqual(expected);
  });

  it('hides the rest', () => {
    expect(visibleCards(three, { CUDA_VISIBLE_DEVICES: '1' }).hidden.map(({ index }) => index)).toEqual([0, 2]);
  });
});

describe('a card in MIG mode', () => {
  const mixed = parseCards([cardLine(0), cardLine(1, { mig: 'Enabled' }), cardLine(2)].join('\n'), CARD_FIELDS);

  it('is the only one that CUDA shows, by one instance of unknown memory', () => {
    expect(visibleCards(mixed, {})).toMatchObject({
      cards: [{ index: 1, memoryFreeBytes: undefined, memoryTotalBytes: undefined }],
      isComplete: false,
    });
  });

  it('does not matter where it is hidden', () => {
    const { cards, isComplete } = visibleCards(mixed, { CUDA_VISIBLE_DEVICES: '0,2' });
    expect({ cards: cards.map(({ index }) => index), isComplete }).toEqual({ cards: [0, 2], isComplete: true });
  });

  it.each(['MIG-4b2f8a1c-5d3e-5f60-8c11-0a1b2c3d4e5f', 'MIG-GPU-aaaa1111-0000/1/0'])('may be named by %s', (id) => {
    expect(visibleCards(mixed, { CUDA_VISIBLE_DEVICES: id })).toMatchObject({
      cards: [{ uuid: id, name: 'MIG instance' }],
      isComplete: false,
    });
  });
});

describe('the order of cards', () => {
  const unlike = parseCards([cardLine(0), cardLine(1, { name: 'NVIDIA H100' })].join('\n'), CARD_FIELDS);

  it.each<[string, NodeJS.ProcessEnv, boolean]>([
    ['as replicas are started', {}, true],
    ['by the bus', { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' }, true],
    ['the fastest first', { CUDA_DEVICE_ORDER: 'FASTEST_FIRST' }, false],
  ])('%s', (_, env, isOrderKnown) => {
    expect(visibleCards(unlike, env).isOrderKnown).toBe(isOrderKnown);
  });

  it('is known of cards that are alike, whichever it is', () => {
    expect(visibleCards(three, { CUDA_DEVICE_ORDER: 'FASTEST_FIRST' }).isOrderKnown).toBe(true);
  });
});
