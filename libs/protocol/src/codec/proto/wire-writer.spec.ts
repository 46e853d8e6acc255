import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { WireWriter } from './wire-writer.js';

/** What protobufjs makes of a message field around `content`. */
function field(number: number, content: Uint8Array): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | 2)
    .bytes(content)
    .finish();
}

/** `content` within `levels` messages, by ours. */
function nested(levels: number, write: (writer: WireWriter) => void, expectedBytes?: number): Buffer {
  const writer = new WireWriter(expectedBytes);
  const starts = Array.from({ length: levels }, () => writer.begin(14));
  write(writer);
  for (const start of starts.reverse()) writer.end(start);
  return writer.finish();
}

function expected(levels: number, content: Uint8Array): Buffer {
  let bytes = content;
  for (let level = 0; level < levels; level++) bytes = field(14, bytes);
  return Buffer.from(bytes);
}

describe('WireWriter', () => {
  it.each([0, 1, 100, 128, 20_000, 65_535, 65_536, 262_144, 1_000_000])(
    'writes lengths as protobuf does, however deep the message: %i bytes',
    (length) => {
      const content = Buffer.alloc(length, 'cas');
      for (const levels of [1, 3, 100]) {
        const written = nested(levels, (writer) => writer.bytes(2, content), 600_000);
        expect(written.equals(expected(levels, field(2, content)))).toBe(true);
      }
    },
  );

  it('writes many parts of every size one after the other, in and between pieces', () => {
    const parts = Array.from({ length: 300 }, (_, at) => Buffer.alloc((at * at * 37) % 90_000, at));
    const written = nested(2, (writer) => {
      for (const part of parts) writer.message(3, () => writer.raw(part));
    });
    expect(written.equals(expected(2, Buffer.concat(parts.map((part) => field(3, part)))))).toBe(true);
  });

  it('moves nothing of a long content, which it takes as it is', () => {
    const content = Buffer.alloc(64 * 1024 * 1024);
    const writer = new WireWriter();
    const starts = Array.from({ length: 100 }, () => writer.begin(14));
    writer.bytes(2, content);
    const before = process.memoryUsage().arrayBuffers;
    for (const start of starts.reverse()) writer.end(start);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  it('writes texts and numbers of any length', () => {
    const text = 'é🐈'.repeat(30_000);
    const written = nested(1, (writer) => {
      writer.string(1, text);
      writer.packedFloat(13, Array<number>(100_000).fill(0.5));
    });
    const floats = Buffer.from(new Float32Array(100_000).fill(0.5).buffer);
    const content = Buffer.concat([field(1, Buffer.from(text)), field(13, floats)]);
    expect(written.equals(expected(1, content))).toBe(true);
  });
});
