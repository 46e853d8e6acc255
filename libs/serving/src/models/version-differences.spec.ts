import { expect, it } from 'vitest';
import type { ModelFacts } from './model-facts.js';
import { aModel } from './testing/models.js';
import { versionDifferences } from './version-differences.js';

const CLIP: ModelFacts = { dimension: 512, imageSize: 224, contextLength: 77, tokenizer: 'CLIP byte-pair encoding' };
const SIGLIP: ModelFacts = { dimension: 768, imageSize: 384, contextLength: 64, tokenizer: 'SentencePiece unigram' };
const defaults = { cores: 2, batchItemsMax: 32, rssBytesMax: undefined };
const facts = new Map([
  ['a', CLIP],
  ['b', SIGLIP],
  ['twin', CLIP],
]);

const told = (
  ...[before, after]: Parameters<typeof versionDifferences> extends [infer A, infer B, unknown] ? [A, B] : never
) => versionDifferences(before, after, { defaults, facts }).map(({ text }) => text);

it('tells models that come and go, replicas, devices and limits in the words of plans', () => {
  const before = [aModel('a'), aModel('gone', { isDefault: false })];
  const after = [
    aModel('a', { replicas: 2, devices: ['cuda:0', 'cuda:1'], batchItemsMax: 8 }),
    aModel('b', { isDefault: false }),
  ];
  expect(told(before, after)).toEqual([
    'a has 2 replicas on cuda:0, cuda:1 instead of 1 replica on cpu.',
    'The limits of a: at most 8 items a run, no memory ceiling, instead of at most 32 items a run, no memory ceiling.',
    'b is added, with 1 replica on cpu.',
    'gone is taken out of service.',
  ]);
});

it('tells what a changed default does to the vectors that callers keep', () => {
  const both = (isDefault: string) => ['a', 'b'].map((name) => aModel(name, { isDefault: name === isDefault }));
  expect(told(both('a'), both('b'))).toEqual([
    'b is the default instead of a: requests that name no model get it.',
    'Vectors have 768 dimensions instead of 512: collections of vectors of a stop matching what requests that name no model get.',
    'Pictures are brought to 384 pixels instead of 224.',
    'Texts are read by SentencePiece unigram instead of CLIP byte-pair encoding.',
    'Texts are cut after 64 tokens instead of 77.',
  ]);
});

it('warns most where nothing else would: vectors of another model and the same length', () => {
  const [, vectors] = told([aModel('a')], [aModel('twin')]).slice(1);
  expect([vectors, ...told([aModel('a')], [aModel('twin')])].join('\n')).toContain('and no error tells');
});

it('tells of a default that nobody knows that its vectors cannot be compared', () => {
  expect(told([aModel('a')], [aModel('mine')])).toContain(
    'Vectors of mine and a cannot be compared: collections of vectors of a stop matching what requests that name no model get.',
  );
});

it('says nothing of two versions that ask for the same', () => {
  expect(
    told([aModel('a'), aModel('b', { isDefault: false })], [aModel('b', { isDefault: false }), aModel('a')]),
  ).toEqual([]);
  expect(told([aModel('a')], [aModel('a', { batchItemsMax: 32 })])).toEqual([]);
});
