import { createReadStream } from 'node:fs';
import { open, opendir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { DomainError } from '#core';
import type { FileStore, StoredFile } from './file-store.js';
import { fileTooLarge, isHidden } from './file-store.js';

/**
 * Opens a file or folder of this machine. Links to files are followed, links to folders are not, since those may lead
 * in circles.
 *
 * @throws DomainError `not_found`
 */
export async function openLocalFiles(path: string): Promise<FileStore> {
  const found = await statOrUndefined(path);
  if (!found) throw new DomainError('not_found', `There is no file or folder ${path}.`);
  return found.isDirectory() ? new LocalFiles(path, undefined) : new LocalFiles(dirname(path), basename(path));
}

class LocalFiles implements FileStore {
  constructor(
    private readonly root: string,
    private readonly only: string | undefined,
  ) {}

  async *list(): AsyncGenerator<StoredFile> {
    if (this.only === undefined) yield* this.walk('');
    else yield { name: this.only, bytes: (await stat(join(this.root, this.only))).size };
  }

  stream(name: string): Promise<Readable> {
    return Promise.resolve(createReadStream(join(this.root, name), { highWaterMark: 256 * 1024 }));
  }

  async readRange(name: string, start: number, end: number): Promise<Uint8Array> {
    const file = await open(join(this.root, name));
    try {
      const bytes = new Uint8Array(end - start);
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new DomainError('invalid_argument', `${name} is shorter than it says.`);
        done += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  async readWhole(name: string, bytesMax: number): Promise<Uint8Array | undefined> {
    const path = join(this.root, name);
    const found = await statOrUndefined(path);
    if (!found?.isFile()) return undefined;
    if (found.size > bytesMax) throw fileTooLarge(found.size, bytesMax);
    return readFile(path);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** One folder at a time, its entries in the order of their names, so that memory holds one folder's names. */
  private async *walk(folder: string): AsyncGenerator<StoredFile> {
    const names: { name: string; isFolder: boolean }[] = [];
    for await (const entry of await opendir(join(this.root, folder))) {
      if (isHidden(entry.name)) continue;
      if (entry.isDirectory() || entry.isFile() || entry.isSymbolicLink())
        names.push({ name: entry.name, isFolder: entry.isDirectory() });
    }
    names.sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const { name, isFolder } of names) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (isFolder) {
        yield* this.walk(path);
        continue;
      }
      const found = await statOrUndefined(join(this.root, path));
      if (found?.isFile()) yield { name: path, bytes: found.size };
    }
  }
}

async function statOrUndefined(path: string) {
  return stat(path).catch(() => undefined);
}
