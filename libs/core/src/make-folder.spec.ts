import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './folders.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'cas-folder-'))));
afterEach(() => rmSync(root, { recursive: true }));

describe('makeFolder', () => {
  it('makes what is missing, with the mode that was asked for, and leaves what is there', async () => {
    const folder = join(root, 'a', 'b', 'c');
    await makeFolder(folder, 0o700);
    await Promise.all([makeFolder(folder), makeFolder(folder)]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('refuses to make a folder where a file is', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(root, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.skipIf(!existsSync('/proc/self'))(
    'refuses, and does not try for ever, where a file system takes no folders',
    async () => {
      await expect(makeFolder('/proc/no-such/folder')).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );
});
