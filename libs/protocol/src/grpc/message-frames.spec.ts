import { describe, expect, it } from 'vitest';
import { MessageFrames } from './message-frames.js';

/** The messages `lengths` long as a call carries them. */
function framed(...lengths: number[]): Buffer {
  return Buffer.concat(
    lengths.map((length) => {
      const frame = Buffer.alloc(5 + length, 7);
      frame.writeUInt8(0, 0);
      frame.writeUInt32BE(length, 1);
      return frame;
    }),
  );
}

describe('MessageFrames', () => {
  it('stands between messages at the begin and at the end of each, however the bytes fall into chunks', () => {
    const lengths = [0, 1, 300, 0, 0, 2_000];
    const ends = new Set([0]);
    for (let n = 1; n <= lengths.length; n++) ends.add(framed(...lengths.slice(0, n)).length);
    const bytes = framed(...lengths);
    for (const size of [1, 2, 5, 7, 300]) {
      const frames = new MessageFrames();
      expect(frames.isBetween).toBe(true);
      for (let at = 0; at < bytes.length; at += size) {
        frames.take(bytes.subarray(at, at + size));
        expect(frames.isBetween).toBe(ends.has(Math.min(at + size, bytes.length)));
      }
    }
  });

  it('reads a length of four bytes', () => {
    const frames = new MessageFrames();
    frames.take(Buffer.from([1, 0xff, 0xff, 0xff, 0xff]));
    frames.take(Buffer.alloc(1000));
    expect(frames.isBetween).toBe(false);
  });
});
