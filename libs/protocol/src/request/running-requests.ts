import type { Step } from './call.js';
import type { ProtocolName } from './caller.js';

/** Counts the requests that are in the pipeline, by protocol. */
export class RunningRequests {
  private readonly counts = new Map<ProtocolName, number>([
    ['grpc', 0],
    ['http', 0],
    ['websocket', 0],
  ]);

  /** The step that counts a request until it has ended, either way. */
  readonly count: Step = async (call, next) => {
    const { protocol } = call.caller;
    this.add(protocol, 1);
    try {
      return await next(call);
    } finally {
      this.add(protocol, -1);
    }
  };

  /** How many there are now. */
  now(): ReadonlyMap<ProtocolName, number> {
    return this.counts;
  }

  private add(protocol: ProtocolName, change: number): void {
    this.counts.set(protocol, (this.counts.get(protocol) ?? 0) + change);
  }
}
