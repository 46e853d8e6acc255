import type { HeaderFields } from './header-fields.js';

const EXTENSION = 0x21;
const FRAME = 0x2c;
/** Most parts before the first frame; a file with more tells nothing. Comments of some kilobytes have a few dozen. */
const PARTS_MAX = 250;

/**
 * Reads screen and first frame, which may reach beyond the screen. Source: GIF89a specification. Throws `RangeError`
 * where the file ends too early.
 */
export function gifHeader(bytes: Buffer): HeaderFields | undefined {
  const flags = bytes.readUInt8(10);
  let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  for (let parts = 0; parts < PARTS_MAX; parts += 1) {
    const mark = bytes.readUInt8(at);
    if (mark === FRAME) return frameAt(bytes, at + 1);
    if (mark !== EXTENSION) at += 1;
    else at += 2;
    if (mark !== EXTENSION) continue;
    for (let length = bytes.readUInt8(at++); length > 0 && parts < PARTS_MAX; parts += 1) {
      at += length;
      length = bytes.readUInt8(at++);
    }
  }
  return undefined;
}

function frameAt(bytes: Buffer, at: number): HeaderFields {
  return {
    width: Math.max(bytes.readUInt16LE(6), bytes.readUInt16LE(at) + bytes.readUInt16LE(at + 4)),
    height: Math.max(bytes.readUInt16LE(8), bytes.readUInt16LE(at + 2) + bytes.readUInt16LE(at + 6)),
    samples: 1,
    bits: 8,
    inPasses: false,
  };
}
