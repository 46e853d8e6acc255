import { type Fields, fieldsOf, firstNumber, isInside } from '#clip';
import { DomainError } from '#core';

/** One file of a repository as the hub lists it. */
export interface HubFile {
  /** Relative, with slashes; never leads out of the folder it is put into. */
  readonly path: string;
  /** 0 where the list does not tell. */
  readonly bytes: number;
  /** In hex; large files (LFS, Xet) have it. */
  readonly sha256: string | undefined;
  /** Git's SHA-1 of the blob in hex; small files have it. */
  readonly gitSha1: string | undefined;
}

/** A repository at one commit. */
export interface HubRevision {
  readonly commit: string;
  readonly files: readonly HubFile[];
}

/**
 * Reads the answer of `/api/models/{repository}/revision/{revision}?blobs=true`. Files whose names could lead out of a
 * folder are left out. Throws `unavailable` when it is no such answer.
 */
export function parseRevision(json: string, repository: string): HubRevision {
  const fields = objectOf(json);
  const { sha, siblings } = fields;
  if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha) || !Array.isArray(siblings)) {
    throw new DomainError('unavailable', `The hub's list of the files of ${repository} cannot be read.`, {
      internal: json.slice(0, 500),
    });
  }
  return { commit: sha, files: siblings.flatMap((entry: unknown) => fileOf(fieldsOf(entry))) };
}

function fileOf(entry: Fields): HubFile[] {
  const lfs = fieldsOf(entry['lfs']);
  const path = entry['rfilename'];
  const size = firstNumber(lfs['size'], entry['size']);
  const bytes = size !== undefined && Number.isSafeInteger(size) ? size : 0;
  if (typeof path !== 'string' || !isInside(path)) return [];
  const sha256 = hex(lfs['sha256'] ?? lfs['oid'], 64);
  return [{ path, bytes, sha256, gitSha1: sha256 === undefined ? hex(entry['blobId'], 40) : undefined }];
}

function hex(value: unknown, length: number): string | undefined {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value) ? value : undefined;
}

function objectOf(json: string): Fields {
  try {
    const parsed: unknown = JSON.parse(json);
    return fieldsOf(parsed);
  } catch {
    return {};
  }
}
