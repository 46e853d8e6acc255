/** An answer as it goes out: its bytes in order, of which none are copied together. */
export class OutgoingMessage {
  readonly byteLength: number;

  /** @param pieces must not change until they are sent */
  constructor(readonly pieces: readonly Buffer[]) {
    this.byteLength = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** What grpc-js asks of a message that it sends itself: as Buffer.copy. */
  copy(target: Buffer, start: number): number {
    let at = start;
    for (const piece of this.pieces) at += piece.copy(target, at);
    return at - start;
  }
}
