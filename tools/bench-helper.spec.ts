import { describe, expect, it } from 'vitest';
import { HelperProcess } from '../test/bench/helper-process.js';

describe('a process of the bench that dies', () => {
  it('fails the order that it has, the next ones too, and is not waited for', async () => {
    const helper = new HelperProcess('no-such-file.ts');
    await expect(helper.run({})).rejects.toThrow('A process of the bench ended with 1.');
    await expect(helper.run({})).rejects.toThrow('A process of the bench ended with 1.');
    await helper[Symbol.asyncDispose]();
  });
});
