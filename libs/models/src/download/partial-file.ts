import { constants } from 'node:fs';
import { copyFile, type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { digestFile, FileDigest } from '../cache/file-digest.js';
import type { HubFile } from '../hub/hub-revision.js';

/** A file that grows, and the digest of what it holds so far. */
export class PartialFile {
  private constructor(
    private readonly handle: FileHandle,
    private readonly file: HubFile,
    public bytes: number,
    public digest: FileDigest,
  ) {}

  /** Opens or makes the file. What is there is hashed, or dropped when it is longer than the whole file. */
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

  /** Writes the file to the disk, so that it is whole at its place even after a power cut. */
  async flush(): Promise<void> {
    await this.handle.sync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Lists the parts that earlier downloads left of a file, whose paths begin with `stem`, the largest first. */
export async function partsLeft(stem: string): Promise<{ path: string; bytes: number }[]> {
  const folder = dirname(stem);
  const names = await readdir(folder).catch((): string[] => []);
  const paths = names.filter((name) => name.startsWith(basename(stem))).map((name) => join(folder, name));
  const parts = paths.map(async (path) => ({ path, bytes: await sizeOf(path) }));
  return (await Promise.all(parts)).sort((a, b) => b.bytes - a.bytes);
}

/**
 * Makes the largest part the start of the file `own`, whose path begins with `stem` too, and deletes the parts. It
 * copies instead of renaming, since a process that only seemed to be gone may still write into the part. Without room
 * for the copy the file starts empty.
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
