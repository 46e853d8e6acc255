/** A flag and the length: what stands before each message of a call (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const PREFIX_BYTES = 5;

/** Follows the bytes of a call, however they fall into chunks, and knows whether they stand between two messages. */
export class MessageFrames {
  private prefixRead = 0;
  private length = 0;
  private left = 0;

  /** Whether no message has begun that is not whole yet. */
  get isBetween(): boolean {
    return this.prefixRead === 0;
  }

  take(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      if (this.prefixRead < PREFIX_BYTES) at += this.takePrefix(chunk[at] ?? 0);
      const taken = Math.min(this.left, chunk.length - at);
      at += taken;
      this.left -= taken;
      if (this.prefixRead === PREFIX_BYTES && this.left === 0) this.prefixRead = 0;
    }
  }

  private takePrefix(byte: number): 1 {
    // The first byte says whether the message is compressed; the others are its length, the highest first.
    this.length = this.prefixRead === 0 ? 0 : this.length * 256 + byte;
    this.prefixRead += 1;
    if (this.prefixRead === PREFIX_BYTES) this.left = this.length;
    return 1;
  }
}
