import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileSource } from './file-source.js';

const { signal } = new AbortController();
let folder: string;
let root: string;
let files: FileSource;

const code = (expected: string) => expect.objectContaining({ code: expected });
const text = async (path: string) => Buffer.from(await files.read(path, signal)).toString();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-source-'));
  root = join(folder, 'images');
  await mkdir(join(root, 'deep'), { recursive: true });
  await mkdir(join(folder, 'images-secret'));
  await writeFile(join(root, 'deep', 'a b.png'), 'inside');
  await writeFile(join(root, '..png'), 'dots');
  await writeFile(join(root, 'big.png'), 'x'.repeat(101));
  await writeFile(join(folder, 'secret'), 'outside');
  await writeFile(join(folder, 'images-secret', 'secret'), 'outside');
  await symlink(join(folder, 'secret'), join(root, 'leak'));
  await symlink(folder, join(root, 'up'));
  await symlink(join(root, 'deep'), join(root, 'alias'));
  await symlink(root, join(folder, 'root-link'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  files = new FileSource(root, 100);
});

afterAll(() => rm(folder, { recursive: true }));

describe('FileSource', () => {
  it('reads a file of the folder by absolute path, relative path and file: URI', async () => {
    expect(await text(join(root, 'deep', 'a b.png'))).toBe('inside');
    expect(await text('deep/a b.png')).toBe('inside');
    expect(await text(pathToFileURL(join(root, 'deep', 'a b.png')).href)).toBe('inside');
    expect(await text('..png')).toBe('dots');
  });

  it('follows links that stay inside, and a root that is a link itself', async () => {
    expect(await text('alias/a b.png')).toBe('inside');
    files = new FileSource(join(folder, 'root-link'), 100);
    expect(await text(join(folder, 'root-link', 'deep', 'a b.png'))).toBe('inside');
    files = new FileSource(root, 100);
  });

  it.each([
    ['a path above', () => join(folder, 'secret')],
    ['a neighbour whose name starts alike', () => join(folder, 'images-secret', 'secret')],
    ['dots', () => '../secret'],
    ['dots in a URI', () => `${pathToFileURL(root).href}/../secret`],
    ['escaped dots in a URI', () => `${pathToFileURL(root).href}/%2e%2e/secret`],
    ['an escaped separator in a URI', () => `${pathToFileURL(root).href}/..%2fsecret`],
    ['a host in a URI', () => 'file://elsewhere/secret'],
    ['a zero byte', () => 'deep\0/a b.png'],
    ['a link to a file outside', () => 'leak'],
    ['a link to a folder outside', () => 'up/secret'],
    ['a file outside that is not there', () => '/no/such/file'],
    ['the folder itself', () => '.'],
    ['a folder', () => 'deep'],
    ['a pipe', () => 'pipe'],
    ['a device', () => '/dev/zero'],
  ])('refuses %s', async (_name, path) => {
    await expect(files.read(path(), signal)).rejects.toThrow(code('fetch_refused'));
  });

  it('refuses everything when no folder is allowed', async () => {
    await expect(new FileSource(undefined, 100).read('/etc/hosts', signal)).rejects.toThrow(code('fetch_refused'));
  });

  it('fails on a file that is not there, without naming the folder', async () => {
    await expect(files.read('missing.png', signal)).rejects.toThrow(code('fetch_failed'));
    await expect(files.read('missing.png', signal)).rejects.not.toThrow(folder);
  });

  it('says that the caller is gone', async () => {
    await expect(files.read('deep/a b.png', AbortSignal.abort())).rejects.toThrow(code('cancelled'));
  });

  it('fails on a file longer than the limit', async () => {
    await expect(files.read('big.png', signal)).rejects.toThrow(code('image_too_large'));
  });
});
