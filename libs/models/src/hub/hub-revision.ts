import { z } from 'zod';
import { isInside } from '#clip';
import { DomainError, parseJson } from '#core';

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

const COMMIT = /^[0-9a-f]{40}$/;

const revisionAnswer = z.object({ sha: z.string().regex(COMMIT), siblings: z.array(z.unknown()) });

const bytes = z.int().optional().catch(undefined);
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional()
  .catch(undefined);

/** A malformed field other than the name counts as left out, since mirrors leave fields out or write null. */
const listedFile = z.object({
  rfilename: z.string().refine(isInside),
  size: bytes,
  lfs: z.object({ size: bytes, sha256, oid: sha256 }).optional().catch(undefined),
  blobId: z.string().regex(COMMIT).optional().catch(undefined),
});

/**
 * Parses the answer of `/api/models/{repository}/revision/{revision}?blobs=true`. Leaves out files whose names could
 * lead out of a folder.
 *
 * @throws DomainError `unavailable` for what is no such answer
 */
export function parseRevision(json: string, repository: string): HubRevision {
  const { success, data } = revisionAnswer.safeParse(parseJson(json));
  if (success) return { commit: data.sha, files: data.siblings.flatMap(parseFile) };
  throw new DomainError('unavailable', `The hub's list of the files of ${repository} cannot be read.`, {
    internal: json.slice(0, 500),
  });
}

function parseFile(entry: unknown): HubFile[] {
  const { success, data } = listedFile.safeParse(entry);
  if (!success) return [];
  const { rfilename: path, size, lfs, blobId } = data;
  const digest = lfs?.sha256 ?? lfs?.oid;
  const gitSha1 = digest === undefined ? blobId : undefined;
  return [{ path, bytes: lfs?.size ?? size ?? 0, sha256: digest, gitSha1 }];
}
