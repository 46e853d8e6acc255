import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { FileStore } from '../files/file-store.js';

/** Reads a file, and unpacks it on the way when its name ends in `.gz`, `.tgz` or `.zst`. */
export async function streamUnpacked(store: FileStore, name: string): Promise<Readable> {
  const stream = await store.stream(name);
  const unpack = /\.t?gz$/i.test(name) ? createGunzip() : /\.zst$/i.test(name) ? createZstdDecompress() : undefined;
  // The error of either end reaches the reader of the last stream.
  return unpack ? pipeline(stream, unpack, () => undefined) : stream;
}
