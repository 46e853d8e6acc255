import type { Clock } from '#core';
import type { ProtocolName } from './caller.js';

/**
 * What is being worked on right now, so that a shutdown knows when connections carry nothing any more, and whether one
 * has begun, so that streams take no further requests.
 */
export class Activity {
  private running = 0;
  private readonly requests = new Map<ProtocolName, number>([
    ['grpc', 0],
    ['http', 0],
    ['websocket', 0],
  ]);
  private quietSinceMs: number;
  private readonly stop = new AbortController();

  constructor(private readonly clock: Clock) {
    this.quietSinceMs = clock.now();
  }

  /** How long nothing has been under way, in milliseconds; 0 while something is. */
  get quietMs(): number {
    return this.running > 0 ? 0 : this.clock.now() - this.quietSinceMs;
  }

  /** Aborts when the shutdown begins. */
  get stopping(): AbortSignal {
    return this.stop.signal;
  }

  beginStop(): void {
    this.stop.abort();
  }

  /** Counts `work` as under way until it has ended, either way. */
  async during<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  /** The requests in the pipeline at this moment, by protocol. */
  get requestsRunning(): ReadonlyMap<ProtocolName, number> {
    return this.requests;
  }

  /** A request is under way, until `endRequest`. */
  beginRequest(protocol: ProtocolName): void {
    this.begin();
    this.requests.set(protocol, (this.requests.get(protocol) ?? 0) + 1);
  }

  /** See `beginRequest`. */
  endRequest(protocol: ProtocolName): void {
    this.requests.set(protocol, (this.requests.get(protocol) ?? 0) - 1);
    this.end();
  }

  private begin(): void {
    this.running += 1;
  }

  private end(): void {
    this.running -= 1;
    this.quietSinceMs = this.clock.now();
  }
}
