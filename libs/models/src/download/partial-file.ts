import { constants } from 'node:fs';
import { copyFile, type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { digestFile, FileDigest } from '../cache/file-digest.js';
import type { HubFile } from '../hub/hub-revision.js';

/** A file that grows, with the digest of what it holds. */
export class PartialFile {
  private constructor(
    private readonly handle: FileHandle,
    private readonly file: HubFile,
    public bytes: number,
    public digest: FileDigest,
  ) {}

  /** Opens or makes it; what is there is hashed, and dropped when it is longer than the whole file. */
  static async open(path: string, file: HubFile): Promise<PartialFile> {
    const there = await sizeOf(path);
    const digest = new FileDigest(file);
    const usable = there <= file.bytes ? there : 0;
    if (usable > 0) await digestFile(path, digest);
    const handle = await open(path, usable > 0 ? 'a' : 'w', 0o644);
    return new PartialFile(handle, file, usable, digest);
  }

  async append(chunk: Uint8Array): Promise<void> {
    for (let done = 0; done < chunk.length;) {
      done += (await this.handle.write(chunk, done)).bytesWritten;
    }
    this.digest.update(chunk);
    this.bytes += chunk.length;
  }

  async startAnew(): Promise<void> {
    await this.handle.truncate(0);
    this.bytes = 0;
    this.digest = new FileDigest(this.file);
  }

  /** Brings it to the disk, so that a file at its place is whole even after a power cut. */
  async flush(): Promise<void> {
    await this.handle.sync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** What earlier downloads left of a file: those that begin with the path `stem`, the largest first. */
export async function partsLeft(stem: string): Promise<{ path: string; bytes: number }[]> {
  const folder = dirname(stem);
  const names = await readdir(folder).catch((): string[] => []);
  const paths = names.filter((name) => name.startsWith(basename(stem))).map((name) => join(folder, name));
  const parts = paths.map(async (path) => ({ path, bytes: await sizeOf(path) }));
  return (await Promise.all(parts)).sort((a, b) => b.bytes - a.bytes);
}

/**
 * Makes the largest of the parts left the start of the file `own`, which begins with `stem` too, and deletes the parts. It is
 * copied and not renamed: a process that only seemed to be gone may still write into it. Where there is no room for the copy,
 * the file starts from nothing.
 */
export async function takeUpParts(stem: string, own: string): Promise<void> {
  const parts = (await partsLeft(stem)).filter(({ path }) => path !== own);
  const [largest] = parts;
  if (largest) await copyFile(largest.path, own, constants.COPYFILE_FICLONE).catch(() => rm(own, { force: true }));
  await Promise.all(parts.map(({ path }) => rm(path, { force: true })));
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
