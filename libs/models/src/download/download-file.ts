import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '#core';
import type { ExpectedDigest } from '../cache/file-digest.js';
import type { HubClient, HubContent } from '../hub/hub-client.js';
import { PassingFault } from '../hub/hub-errors.js';
import type { HubFile } from '../hub/hub-revision.js';
import { PartialFile } from './partial-file.js';

/** One file to download. */
export interface FileJob {
  readonly repository: string;
  readonly commit: string;
  readonly file: HubFile;
  /** Where the file goes once it is whole and its digest is right. */
  readonly target: string;
  /** Where the file grows. No other process writes there; the next attempt continues what an earlier one left. */
  readonly part: string;
}

/**
 * An attempt that brought this much counts as progress: a server that cuts the connection every 100 MB is slow, not
 * broken.
 */
const PROGRESS_BYTES = 2 ** 20;

/**
 * Makes one attempt at a file: continues what is there, checks size and digest, moves the file to its place in one
 * step, and returns its SHA-256. `onBytes` gets every change of the number of bytes, also downwards. Rejects with a
 * PassingFault when another attempt may help. The partial file stays unless its content is wrong, also when the signal
 * aborts.
 */
export async function downloadFile(
  client: HubClient,
  job: FileJob,
  onBytes: (change: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const { file, part, target } = job;
  await mkdir(dirname(part), { recursive: true });
  await mkdir(dirname(target), { recursive: true });
  const writing = await PartialFile.open(part, file);
  onBytes(writing.bytes);
  try {
    const expected = await fetchRest(client, job, writing, onBytes, signal);
    const sha256 = writing.digest.matching(expected);
    if (sha256 === undefined) throw await wrongContent(part);
    await writing.flush();
    await rename(part, target).catch((cause: unknown) => {
      throw isGone(cause) ? new PassingFault('another process took over the download', { cause }) : cause;
    });
    return sha256;
  } catch (thrown) {
    onBytes(-writing.bytes);
    throw thrown;
  } finally {
    await writing.close();
  }
}

async function fetchRest(
  client: HubClient,
  { repository, commit, file }: FileJob,
  writing: PartialFile,
  onBytes: (change: number) => void,
  signal?: AbortSignal,
): Promise<ExpectedDigest> {
  if (writing.bytes === file.bytes) {
    if ((file.sha256 ?? file.gitSha1) !== undefined) return file;
    onBytes(-writing.bytes);
    await writing.startAnew();
  }
  const content = await client.open(repository, commit, file.path, writing.bytes, signal);
  const expected = expectedDigest(file, content);
  const startedAt = content.from;
  if (content.from !== writing.bytes) {
    onBytes(-writing.bytes);
    await writing.startAnew();
    if (content.from > 0) {
      content.body.destroy();
      throw new PassingFault('the hub sent another part of the file than was asked for');
    }
  }
  await copy(content, file, writing, startedAt, onBytes);
  return expected;
}

async function copy(
  content: HubContent,
  file: HubFile,
  writing: PartialFile,
  startedAt: number,
  onBytes: (change: number) => void,
): Promise<void> {
  try {
    for await (const chunk of content.body) {
      if (!Buffer.isBuffer(chunk)) continue;
      if (writing.bytes + chunk.length > file.bytes) break;
      await writing.append(chunk);
      onBytes(chunk.length);
    }
  } catch (cause) {
    if (isOfDisk(cause)) throw diskFault(cause);
    throw cut(writing.bytes - startedAt, cause);
  }
  if (writing.bytes < file.bytes) throw cut(writing.bytes - startedAt, `${writing.bytes} of ${file.bytes} bytes`);
}

/** Picks the digest that the file must have. The list and the file's own headers must agree where both have one. */
function expectedDigest(file: HubFile, content: HubContent): ExpectedDigest {
  const sha256 = file.sha256 ?? content.sha256;
  const gitSha1 = sha256 === undefined ? (file.gitSha1 ?? content.gitSha1) : undefined;
  const contradicts = content.sha256 !== undefined && content.sha256 !== sha256;
  if (!contradicts && (sha256 ?? gitSha1) !== undefined) return { sha256, gitSha1 };
  content.body.destroy();
  throw new DomainError(
    'unavailable',
    `The hub gives ${contradicts ? 'two different digests' : 'no digest'} for ${file.path}, so it cannot be trusted.`,
    { internal: `list ${file.sha256 ?? file.gitSha1}, headers ${content.sha256 ?? content.gitSha1}` },
  );
}

async function wrongContent(part: string): Promise<PassingFault> {
  await rm(part, { force: true });
  return new PassingFault('a file came with another content than its SHA-256 says');
}

function cut(bytes: number, cause: unknown): PassingFault {
  return new PassingFault('the connection to the hub was cut', { progressed: bytes >= PROGRESS_BYTES, cause });
}

function isGone(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function isOfDisk(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'].includes(String(cause.code));
}

function diskFault(cause: unknown): DomainError {
  return new DomainError('unavailable', 'The model cache cannot be written: is the disk full?', {
    internal: String(cause),
    cause,
  });
}
