import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DomainError, randomId, thrownText } from '#core';

const TEMPORARY = '.tmp';
const RANDOM_BYTES = 6;

/**
 * Writes a file so that nobody ever sees a part of it under its name: into a temporary file beside it, flushed to the
 * disk, then renamed over what was there, and the folder flushed too.
 *
 * @throws DomainError `unavailable` when the disk refuses it
 */
export async function writeWhole(path: string, pieces: readonly (Uint8Array | string)[]): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomId(RANDOM_BYTES)}${TEMPORARY}`);
  try {
    const file = await open(temporary, 'wx');
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new DomainError('unavailable', `${basename(path)} cannot be written (${thrownText(cause)}).`, { cause });
  }
}

/**
 * Reads a file that may not be there; undefined when it is not.
 *
 * @throws DomainError `unavailable` with `what` it is
 */
export async function readIfThere(path: string, what: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new DomainError('unavailable', `${what} cannot be read (${cause.message}).`, { cause });
  });
}

/** Makes the folder of an output. */
export async function makeOutputFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new DomainError('invalid_argument', `The folder ${folder} cannot be made (${thrownText(cause)}).`, { cause });
  }
}

/** Removes what killed runs left half-written of the files whose names have `part` in them. */
export async function removeTemporary(folder: string, part: string): Promise<void> {
  const names = await readdir(folder);
  const left = names.filter((name) => name.startsWith('.') && name.includes(part) && name.endsWith(TEMPORARY));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}

/** A rename is only safe from a loss of power when the folder is flushed; some network file systems cannot. */
async function syncFolder(folder: string): Promise<void> {
  const file = await open(folder, 'r').catch(() => undefined);
  await file?.sync().catch(() => undefined);
  await file?.close();
}
