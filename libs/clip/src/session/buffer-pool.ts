/**
 * Buffers for batches, used again instead of made anew: 32 pictures are 19 MB, and that much garbage per batch costs
 * more than filling it. A buffer that is never given back is simply collected.
 */
export class BufferPool<Buffer extends { readonly length: number }> {
  private readonly free: Buffer[] = [];

  constructor(private readonly make: (length: number) => Buffer) {}

  /** A buffer of at least `length` elements; its content is left over from before. */
  take(length: number): Buffer {
    const at = this.free.findIndex((buffer) => buffer.length >= length);
    return this.free.splice(at < 0 ? this.free.length : at, 1)[0] ?? this.make(length);
  }

  give(buffer: Buffer): void {
    if (this.free.length < KEPT_MAX) this.free.push(buffer);
  }
}

/** One batch runs while one is prepared. */
const KEPT_MAX = 2;
