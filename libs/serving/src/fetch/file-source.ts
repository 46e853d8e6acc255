import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { abortError, thrownText } from '#core';
import { fetchFailed, fetchRefused, toFetchError } from './fetch-error.js';
import { readAtMost } from './read-at-most.js';

const notAllowed =
  'This server may not read that file. Send the image itself, or the path of a file in the folder that its operator allows (CAS_FILE_ROOT).';

const NOT_READ = 'The file cannot be read. Check its path.';

const chunkBytes = 256 * 1024;

/**
 * The images of one folder that the operator allows, by path (absolute, or relative to the folder) or `file:` URI.
 * Anything outside is `fetch_refused` without a look whether it exists; so is what a symbolic link leads outside to,
 * and what is no regular file (a pipe or device could hang or never end).
 */
export class FileSource {
  /** Without `root` every path is refused. */
  constructor(
    private readonly root: string | undefined,
    private readonly bytesMax: number,
  ) {}

  /** Reads the file whole. Rejects with `fetch_refused`, `fetch_failed` (no such file) or `image_too_large`. */
  async read(pathOrUri: string, signal: AbortSignal): Promise<Uint8Array> {
    if (this.root === undefined)
      throw fetchRefused(
        'files_off',
        'This server does not read images from its disk (CAS_FILE_ROOT is not set). Send the image itself, or its http or https URL.',
      );
    const root = await realRoot(this.root);
    const wanted = resolve(root, toPath(pathOrUri));
    if (!isInside(root, wanted) && !isInside(resolve(this.root), wanted))
      throw fetchRefused('file_outside', notAllowed);
    const real = await realpath(wanted).catch(fileFailed);
    if (!isInside(root, real))
      throw fetchRefused('file_outside', notAllowed, `a link leads out of the allowed folder: ${wanted}`);
    return this.readRegular(real, signal);
  }

  private async readRegular(real: string, signal: AbortSignal): Promise<Uint8Array> {
    // The path holds no link any more: one that appears meanwhile is not followed. Non-blocking: a pipe opens at once.
    const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(fileFailed);
    try {
      return await this.readHandle(handle, signal);
    } catch (thrown) {
      throw signal.aborted ? abortError(signal) : toFetchError(thrown, 'file_unreadable', NOT_READ);
    } finally {
      await handle.close().catch(() => undefined);
    }
  }

  private async readHandle(handle: FileHandle, signal: AbortSignal): Promise<Uint8Array> {
    if (!(await handle.stat()).isFile()) throw fetchRefused('file_outside', notAllowed);
    return readAtMost(chunksOf(handle, signal), this.bytesMax);
  }
}

/** By hand: a read stream that is made with a signal that has aborted already throws where nobody can catch it. */
async function* chunksOf(handle: FileHandle, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.allocUnsafe(chunkBytes) });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function toPath(pathOrUri: string): string {
  try {
    const path = /^file:/i.test(pathOrUri) ? fileURLToPath(pathOrUri) : pathOrUri;
    if (!path.includes('\0')) return path;
  } catch {
    // A host or an escaped separator in the URI; the refusal below says all there is to say.
  }
  throw fetchRefused('file_outside', notAllowed);
}

function isInside(root: string, path: string): boolean {
  const below = relative(root, path);
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

async function realRoot(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (thrown) {
    throw fetchFailed(
      'file_unreadable',
      'The folder that this server reads images from (CAS_FILE_ROOT) is missing. Tell its operator.',
      {
        internal: thrownText(thrown),
      },
    );
  }
}

function fileFailed(thrown: unknown): never {
  throw fetchFailed('file_unreadable', NOT_READ, {
    internal: thrownText(thrown),
    cause: thrown,
  });
}
