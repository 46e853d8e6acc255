import { describe, expect, it } from 'vitest';
import { aModel } from '../testing/plan-state.js';
import { isSameState, requireServable, type DesiredModel } from './desired-models.js';

const mini = aModel('mini', { isDefault: true });

describe('requireServable', () => {
  it.each([
    'mini-clip',
    'ViT-B-32::openai',
    'M-CLIP/XLM-Roberta-Large-Vit-B-32',
    'my.model_2+fp16',
    'hub:owner/name@main',
  ])('takes the name %s', (name) => {
    expect(() => requireServable([{ ...mini, name }])).not.toThrow();
  });

  it.each(['', '..', '../x', 'a/../b', '/etc', 'a//b', 'a/', './a', 'a b', 'a\\b', 'x'.repeat(201)])(
    'refuses the name %j, which could lead out of the folder of models or is none',
    (name) => {
      expect(() => requireServable([{ ...mini, name }])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    },
  );

  it.each<[string, DesiredModel[]]>([
    ['no model', []],
    ['no default', [aModel('a')]],
    ['two defaults', [mini, aModel('b', { isDefault: true })]],
    ['a model twice', [mini, aModel('mini')]],
    ['no replica', [{ ...mini, replicas: 0 }]],
    ['a part of a replica', [{ ...mini, replicas: 1.5 }]],
    ['no device', [{ ...mini, devices: [] }]],
    ['a device of no known form', [{ ...mini, devices: ['gpu'] }]],
    ['batches of nothing', [{ ...mini, batchItemsMax: 0 }]],
    ['a ceiling below what any process needs', [{ ...mini, rssBytesMax: 1000 }]],
  ])('refuses %s', (_, models) => {
    expect(() => requireServable(models)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

describe('isSameState', () => {
  it('does not mind the order of models, and minds everything else', () => {
    const other = aModel('other', { batchItemsMax: 4 });
    expect(isSameState([mini, other], [other, mini])).toBe(true);
    expect(isSameState([mini], [{ ...mini, devices: ['cuda:0'] }])).toBe(false);
    expect(isSameState([mini, other], [mini, { ...other, batchItemsMax: 5 }])).toBe(false);
    expect(isSameState([mini], [mini, other])).toBe(false);
  });
});
