import { describe, expect, it } from 'vitest';
import { draftOf, editedFields, isEdited, modelsOf, withField, withModel, withoutModel } from './draft.js';

const MINI = { name: 'mini-clip', replicas: 1, devices: ['cpu'], isDefault: true, rssBytesMax: 1_234_567_890 };
const LARGE = { name: 'ViT-L/14', replicas: 2, devices: ['cuda:0', 'cuda:1'], isDefault: false, batchItemsMax: 8 };
const before = draftOf([MINI, LARGE]);

describe('a draft of the models', () => {
  it('asks for just what is in force until something is edited', () => {
    expect(modelsOf(before, [MINI, LARGE])).toEqual({ models: [MINI, LARGE] });
    expect(isEdited(before, before)).toBe(false);
  });

  it('marks the fields that were edited, and no field that only looks different', () => {
    const draft = withField(withField(before, 'ViT-L/14', 'replicas', '3'), 'ViT-L/14', 'devices', 'cuda:0 cuda:1');
    const [, large] = draft.models;
    expect([...editedFields(large!, before)]).toEqual(['replicas']);
    expect(isEdited(draft, before)).toBe(true);
    expect(isEdited(withField(draft, 'ViT-L/14', 'replicas', '2'), before)).toBe(false);
  });

  it('says what is wrong where it is typed', () => {
    const draft = withField(withField(before, 'mini-clip', 'replicas', 'two'), 'ViT-L/14', 'devices', ' ,');
    expect(modelsOf(draft, [MINI, LARGE])).toEqual({
      problems: {
        'mini-clip': { replicas: 'A whole number from 1.' },
        'ViT-L/14': { devices: 'At least one, such as cpu.' },
      },
    });
  });

  it('gives the default to another model when that one leaves, and to the first that comes', () => {
    const draft = withoutModel(withModel(before, 'RN50::openai'), 'mini-clip');
    expect(draft.defaultName).toBe('ViT-L/14');
    expect(draft.models.map(({ name }) => name)).toEqual(['ViT-L/14', 'RN50::openai']);
    expect(withModel(draft, 'RN50::openai')).toBe(draft);
    expect(withModel(draftOf([]), 'a').defaultName).toBe('a');
  });

  it('takes away a limit by an empty field, and reads megabytes', () => {
    const draft = withField(withField(before, 'ViT-L/14', 'batchItemsMax', ''), 'ViT-L/14', 'rssMegabytesMax', '900');
    expect(modelsOf(draft, [MINI, LARGE])).toMatchObject({
      models: [MINI, { name: 'ViT-L/14', rssBytesMax: 900_000_000 }],
    });
    expect(modelsOf(draft, [MINI, LARGE])).not.toHaveProperty('models.1.batchItemsMax');
  });
});
