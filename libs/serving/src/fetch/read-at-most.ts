import { imageTooLarge } from './fetch-error.js';

/**
 * All bytes of a stream, or `image_too_large` as soon as there are more than `bytesMax`; the stream is then destroyed
 * by leaving its iteration, so an endless one costs no more than the limit.
 */
export async function readAtMost(stream: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw imageTooLarge(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
