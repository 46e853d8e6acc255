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

  /** The head of a request is here. What it returns is to be called once, when its answer's body begins to go out. */
  start(protocol: ProtocolName): () => void {
    const headAtMs = this.clock.now();
    return () => this.onFirstByte(protocol, this.clock.now() - headAtMs);
  }
}
