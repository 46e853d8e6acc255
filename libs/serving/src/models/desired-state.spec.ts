import { describe, expect, it } from 'vitest';
import { modelsText, stateOf } from './desired-state.js';

const model = { name: 'mini-clip', replicas: 2, devices: ['cpu'], isDefault: true };

/** A row of the database that holds this text. */
function row(models: string) {
  const source = 'admin' as const;
  return {
    version: 1,
    models,
    source,
    createdAtMs: 0,
    createdBy: 'a',
    createdByName: 'Ann',
    note: '',
    servedAtMs: null,
  };
}

describe('the stored list of models', () => {
  it('is read as it was written', () => {
    const limited = { ...model, batchItemsMax: 8, rssBytesMax: 2e9 };
    expect(stateOf(row(modelsText([model, limited]))).models).toEqual([model, limited]);
  });

  it('leaves out what a model does not have here', () => {
    const text = JSON.stringify([{ ...model, batchItemsMax: null, colour: 'red' }]);
    expect(stateOf(row(text)).models).toEqual([model]);
  });

  it.each([
    ['no JSON', 'models'],
    ['no list', '{}'],
    ['a model without a name', JSON.stringify([{ ...model, name: undefined }])],
    ['devices that are no list', JSON.stringify([{ ...model, devices: 'cpu' }])],
  ])('is refused when it is %s, in a sentence that names no content', (_, text) => {
    expect(() => stateOf(row(text))).toThrow(
      expect.objectContaining({
        code: 'internal',
        message: 'The stored list of models cannot be read. The log has the reason.',
      }),
    );
  });
});
