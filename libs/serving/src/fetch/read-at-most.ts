import { imageTooLarge } from './fetch-error.js';

const blockBytes = 64 * 1024;

/**
 * All bytes of a stream, or `image_too_large` as soon as there are more than `bytesMax`; the stream is then destroyed
 * by leaving its iteration, so an endless one costs no more than the limit. The bytes are copied out of their chunks: a
 * chunk of one byte can hold on to a whole read of the network, and millions of them would cost far more than the
 * limit.
 */
export async function readAtMost(stream: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Uint8Array> {
  const blocks: Buffer[] = [];
  let block = Buffer.alloc(0);
  let free = 0;
  let bytes = 0;
  for await (const chunk of passAtMost(stream, bytesMax)) {
    for (let at = 0; at < chunk.byteLength;) {
      if (free === 0) {
        block = Buffer.allocUnsafeSlow(blockBytes);
        free = blockBytes;
        blocks.push(block);
      }
      const part = chunk.subarray(at, at + free);
      block.set(part, blockBytes - free);
      at += part.byteLength;
      free -= part.byteLength;
    }
    bytes += chunk.byteLength;
  }
  return Buffer.concat(blocks, bytes);
}

/** The stream as it is, until it is longer than `bytesMax`: `image_too_large`. */
export async function* passAtMost(stream: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw imageTooLarge(bytesMax);
    yield chunk;
  }
}
