import { describe, expect, it } from 'vitest';
import { CATALOGUE, type LocalModel } from '#models';
import { repositoryRoot } from '../../../../test/support/server.js';
import { weightBytesOf } from './model-files.js';

const nowhere = { find: async () => undefined };
const [listed] = CATALOGUE;

describe('the size of a model', () => {
  it('is that of its files where they are on this machine', async () => {
    const local: LocalModel = { name: 'mini-clip', place: 'folder', folder: `${repositoryRoot}/models/mini-clip` };
    const bytes = await weightBytesOf({ find: async () => local }, 'mini-clip');
    expect(bytes).toBeGreaterThan(20e6);
    expect(bytes).toBeLessThan(30e6);
  });

  it('is about what the catalogue says before the download, less for variants', async () => {
    const whole = (listed?.megabytes ?? 0) * 1e6;
    expect(await weightBytesOf(nowhere, listed!.name)).toBe(whole);
    expect(await weightBytesOf(nowhere, `${listed!.name}@fp16`)).toBe(whole / 2);
    expect(await weightBytesOf(nowhere, `${listed!.name}@int8`)).toBe(whole / 4);
  });

  it('is not known where nobody says, which is no failure', async () => {
    expect(await weightBytesOf(nowhere, 'hub:somebody/something')).toBeUndefined();
    const broken: LocalModel = { name: 'x', place: 'folder', folder: '/nosuch' };
    expect(await weightBytesOf({ find: async () => broken }, 'x')).toBeUndefined();
    expect(await weightBytesOf({ find: () => Promise.reject(new Error('unreadable')) }, 'x')).toBeUndefined();
  });
});
