/** Bytes that are set aside at first. */
const FIRST_BYTES = 16 * 1024;

/**
 * From this size on all of a message of known length is set aside at once: untouched memory costs nothing, copies do.
 */
const WHOLE_FROM_BYTES = 4 * 1024 * 1024;

/**
 * Puts the pieces of a message into one buffer as they come. Pieces are copied: a piece of a few bytes may keep a whole
 * read buffer alive, and thousands of them cost a hundred times what they hold. The memory grows with what has come,
 * not with what was announced.
 */
export class GrowingBuffer {
  private bytes = Buffer.alloc(0);
  private length = 0;

  /** @param bytesExpected where known, all that will come: the buffer becomes no larger */
  constructor(private readonly bytesExpected?: number) {}

  append(piece: Uint8Array): void {
    const needed = this.length + piece.length;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.nextSize()));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    this.bytes.set(piece, this.length);
    this.length = needed;
  }

  /** Returns all that has come, in order, without a copy. Nothing may be appended afterwards. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private nextSize(): number {
    const size = Math.max(4 * this.bytes.length, FIRST_BYTES);
    if (this.bytesExpected === undefined) return size;
    return size > WHOLE_FROM_BYTES ? this.bytesExpected : Math.min(size, this.bytesExpected);
  }
}
