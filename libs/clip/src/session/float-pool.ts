/**
 * Buffers for batches, used again instead of made anew: 32 pictures are 19 MB, and that much garbage per batch costs
 * more than filling it. A buffer that is never given back is simply collected.
 */
export class FloatPool {
  private readonly free: Float32Array[] = [];

  /** A buffer of at least `length` numbers; its content is left over from before. */
  take(length: number): Float32Array {
    const at = this.free.findIndex((buffer) => buffer.length >= length);
    return this.free.splice(at < 0 ? this.free.length : at, 1)[0] ?? new Float32Array(length);
  }

  give(buffer: Float32Array): void {
    if (this.free.length < KEPT_MAX) this.free.push(buffer);
  }
}

/** One batch runs while one is prepared. */
const KEPT_MAX = 2;
