import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The digest that a file must have; at least one of the two is set. */
export interface ExpectedDigest {
  readonly sha256: string | undefined;
  readonly gitSha1: string | undefined;
}

/**
 * Hashes a file of known size as its bytes arrive.
 *
 * @example
 * const digest = new FileDigest({ bytes: 5, sha256: undefined });
 * digest.update(Buffer.from('hello'));
 * digest.matching({ sha256: undefined, gitSha1: 'b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0' }); // the SHA-256
 */
export class FileDigest {
  private readonly sha256: Hash = createHash('sha256');
  private readonly gitSha1: Hash | undefined;

  /**
   * `bytes` is the size of the whole file, which Git hashes before the content (`blob 123\0…`). Git's digest is not
   * computed when the SHA-256 is known beforehand, which saves time on large files.
   */
  constructor({ bytes, sha256 }: { readonly bytes: number; readonly sha256: string | undefined }) {
    if (sha256 === undefined) this.gitSha1 = createHash('sha1').update(`blob ${bytes}\0`);
  }

  update(chunk: Uint8Array): void {
    this.sha256.update(chunk);
    this.gitSha1?.update(chunk);
  }

  /** Returns the SHA-256 in hex when it, or else Git's digest, is as expected; undefined otherwise. Call it once. */
  matching(expected: ExpectedDigest): string | undefined {
    const sha256 = this.sha256.digest('hex');
    if (expected.sha256 !== undefined) return expected.sha256 === sha256 ? sha256 : undefined;
    const isRight = expected.gitSha1 !== undefined && expected.gitSha1 === this.gitSha1?.digest('hex');
    return isRight ? sha256 : undefined;
  }
}

/** Feeds the content of a file into a digest. Rejects when the file cannot be read. */
export async function digestFile(path: string, digest: { update(chunk: Uint8Array): unknown }): Promise<void> {
  for await (const chunk of createReadStream(path)) {
    if (Buffer.isBuffer(chunk)) digest.update(chunk);
  }
}
