import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.js';

/** Work that ends when its `resolve` or `reject` is called, in the order of the calls. */
function heldWork() {
  const held: PromiseWithResolvers<string>[] = [];
  const ended: string[] = [];
  const work = inOrder(() => {
    const own = Promise.withResolvers<string>();
    held.push(own);
    return own.promise;
  });
  const call = (): void => {
    void work().then(
      (word) => ended.push(word),
      (err: Error) => ended.push(err.message),
    );
  };
  return { held, ended, call };
}

const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('inOrder', () => {
  it('begins every call at once and ends them in the order in which they were made', async () => {
    const { held, ended, call } = heldWork();
    for (let count = 0; count < 3; count++) call();
    expect(held).toHaveLength(3);
    held[2]?.resolve('third');
    held[1]?.resolve('second');
    await turns();
    expect(ended).toEqual([]);
    held[0]?.resolve('first');
    await turns();
    expect(ended).toEqual(['first', 'second', 'third']);
  });

  it('tells a failure in its turn and goes on after it', async () => {
    const { held, ended, call } = heldWork();
    for (let count = 0; count < 3; count++) call();
    held[1]?.reject(new Error('second failed'));
    held[2]?.resolve('third');
    await turns();
    expect(ended).toEqual([]);
    held[0]?.resolve('first');
    await turns();
    expect(ended).toEqual(['first', 'second failed', 'third']);
  });
});
