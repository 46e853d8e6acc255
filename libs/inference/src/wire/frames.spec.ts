import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FrameReader, writeFrame, type Frame } from './frames.js';
import { SeededRandom } from '../testing/random.js';

async function bytesOf(header: object, parts: Uint8Array[] = []): Promise<Buffer> {
  const out = new PassThrough({ highWaterMark: 1e9 });
  await writeFrame(out, header, parts);
  return Buffer.concat([out.read() ?? Buffer.alloc(0)]);
}

function read(chunks: Iterable<Uint8Array>, reader?: (onFrame: (frame: Frame) => void) => FrameReader): Frame[] {
  const frames: Frame[] = [];
  const onFrame = (frame: Frame) => frames.push(frame);
  const into = reader ? reader(onFrame) : new FrameReader(onFrame);
  for (const chunk of chunks) into.push(chunk);
  return frames;
}

describe('frames', () => {
  it('carry a header and the parts as one payload', async () => {
    const bytes = await bytesOf({ type: 'x' }, [Buffer.from('ab'), Buffer.from(''), Buffer.from('c')]);
    expect(read([bytes])).toEqual([{ header: { type: 'x' }, payload: Buffer.from('abc') }]);
  });

  it('are found again however the stream is cut', async () => {
    const random = new SeededRandom(7);
    const sizes = Array.from({ length: 30 }, (_, n) => (n % 5) * random.between(0, 400));
    const whole = Buffer.concat(await Promise.all(sizes.map((size, n) => bytesOf({ n }, [Buffer.alloc(size, n)]))));
    for (let round = 0; round < 50; round += 1) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < whole.length; at += chunks.at(-1)?.length ?? 0) {
        chunks.push(whole.subarray(at, at + random.between(1, 300)));
      }
      const frames = read(chunks);
      expect(frames.map((frame) => frame.payload.byteLength)).toEqual(sizes);
      expect(frames.map((frame) => frame.header)).toEqual(sizes.map((_, n) => ({ n })));
    }
  });

  it('give a payload that float32 views can lie on', async () => {
    const vector = Float32Array.of(1.5, -2, 3);
    const [frame] = read([await bytesOf({ odd: 1 }, [new Uint8Array(vector.buffer)])]);
    expect(new Float32Array(frame?.payload.buffer ?? new ArrayBuffer(0), frame?.payload.byteOffset, 3)).toEqual(vector);
  });

  it('refuse what is no frame of this version', () => {
    expect(() => read([Buffer.from('GET / HTTP/1.1\r\n\r\n')])).toThrow('not a frame');
  });

  it('refuse lengths above the limits before they take memory for them', async () => {
    const limited = (onFrame: (frame: Frame) => void) =>
      new FrameReader(onFrame, { headerBytesMax: 20, payloadBytesMax: 4 });
    const long = await bytesOf({ text: 'x'.repeat(30) });
    const heavy = await bytesOf({}, [Buffer.alloc(5)]);
    expect(() => read([long], limited)).toThrow('frame header');
    expect(() => read([heavy], limited)).toThrow('frame payload');
  });
});
