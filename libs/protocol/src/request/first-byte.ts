import type { Clock } from '#core';
import type { ProtocolName } from './caller.js';

/** Gets the time from a request's head to the first byte of its answer's body, in milliseconds. */
export type OnFirstByte = (protocol: ProtocolName, sinceHeadMs: number) => void;

/** Times how soon answers begin. */
export class FirstByteTimer {
  constructor(
    private readonly clock: Clock,
    private readonly onFirstByte: OnFirstByte = () => undefined,
  ) {}

  /** The head of a request is here: `begins` takes what this returns. */
  head(): number {
    return this.clock.now();
  }

  /** The answer's body begins to go out, of the request whose head was there at `headAtMs`; to be called once. */
  begins(protocol: ProtocolName, headAtMs: number): void {
    this.onFirstByte(protocol, this.clock.now() - headAtMs);
  }
}
