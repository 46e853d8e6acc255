import { imageUnreadable } from '../image-errors.js';

/**
 * Reads little-endian numbers one after another. Throws `image_unreadable` where the file ends too early.
 *
 * @example
 * const reader = new ByteReader(Uint8Array.of(1, 0, 2));
 * reader.u16(); // 1
 * reader.left; // 1
 */
export class ByteReader {
  position = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many bytes have not been read. */
  get left(): number {
    return this.bytes.length - this.position;
  }

  u8(): number {
    return this.view.getUint8(this.advance(1));
  }

  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  /** Returns the next `length` bytes as a view. */
  take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  private advance(length: number): number {
    const start = this.position;
    if (start < 0 || start + length > this.bytes.length) throw imageUnreadable('the file ends too early');
    this.position = start + length;
    return start;
  }
}
