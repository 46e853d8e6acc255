import type { Readable } from 'node:stream';
import { DomainError } from '#core';

/** A file of a source. */
export interface StoredFile {
  /** Path under the source's root, `/` between its parts. */
  readonly name: string;
  readonly bytes: number;
}

/** Where a source lies: a folder of this machine, or a prefix of a bucket. Names are relative to it. */
export interface FileStore {
  /**
   * The files of the source in an order that is the same in every run: all below a folder, or the one file that the
   * source names. Hidden files (a part of the path begins with a dot) are left out.
   */
  list(): AsyncIterable<StoredFile>;
  /** Reads a file from its beginning; memory holds only what is on the way. */
  stream(name: string): Promise<Readable>;
  /** The bytes from `start` up to `end`. */
  readRange(name: string, start: number, end: number): Promise<Uint8Array>;
  /** A whole small file; undefined when there is none. Rejects with `image_too_large` beyond `bytesMax`. */
  readWhole(name: string, bytesMax: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** What `readWhole` rejects with. */
export function fileTooLarge(bytes: number, bytesMax: number): DomainError {
  return new DomainError('image_too_large', `It has ${bytes} bytes; at most ${bytesMax} are read.`);
}

/** Whether a part of a path begins with a dot. */
export function isHidden(name: string): boolean {
  return name.split('/').some((part) => part.startsWith('.'));
}
