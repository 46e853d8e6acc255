import { describe, expect, it } from 'vitest';
import { passAtMost, readAtMost } from './read-at-most.js';

const tooLarge = expect.objectContaining({ code: 'image_too_large' });

async function* stream(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

describe('readAtMost', () => {
  it.each([[[]], [[1]], [[65_536]], [[65_535, 2]], [[200_000, 1, 65_536]], [[0, 3, 0]]])(
    'gives all bytes in order, of chunks of %j',
    async (lengths) => {
      const chunks = lengths.map((length, index) => Buffer.alloc(length, `${index}abc`));
      expect(Buffer.from(await readAtMost(stream(...chunks), 1_000_000))).toEqual(Buffer.concat(chunks));
    },
  );

  it('takes as many bytes as it may, and not one more', async () => {
    const chunks = [Buffer.alloc(60), Buffer.alloc(40)];
    expect(await readAtMost(stream(...chunks), 100)).toHaveLength(100);
    await expect(readAtMost(stream(...chunks), 99)).rejects.toThrow(tooLarge);
  });

  it('ends the stream that is too long', async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(10);
      } finally {
        ended = true;
      }
    }
    await expect(readAtMost(endless(), 100)).rejects.toThrow(tooLarge);
    expect(ended).toBe(true);
  });

  it('holds on to the bytes and not to what they came in', async () => {
    // One byte of each read, and the read is used again: whoever kept a view of it would see what came later.
    async function* wasteful(): AsyncGenerator<Uint8Array> {
      const read = Buffer.alloc(1_000);
      for (let at = 0; at < 200; at += 1) {
        read.fill(at);
        yield read.subarray(at, at + 1);
        read.fill(0xff);
      }
    }
    expect([...(await readAtMost(wasteful(), 1000))]).toEqual(Array.from({ length: 200 }, (_, at) => at));
  });
});

describe('passAtMost', () => {
  it('passes the chunks on as they are, until they are too many', async () => {
    const chunks = [Buffer.from('a'), Buffer.from('bc'), Buffer.from('d')];
    const passed: Uint8Array[] = [];
    const pass = async () => {
      for await (const chunk of passAtMost(stream(...chunks), 3)) passed.push(chunk);
    };
    await expect(pass()).rejects.toThrow(tooLarge);
    expect(passed).toEqual(chunks.slice(0, 2));
  });
});
