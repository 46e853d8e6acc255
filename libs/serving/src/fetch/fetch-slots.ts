import { abortError } from '#core';

export interface FetchSlotLimits {
  /** Most tasks at once. */
  readonly totalMax: number;
  /** Most tasks at once for one host. */
  readonly perHostMax: number;
}

interface Lane {
  running: number;
  readonly waiting: Set<() => void>;
}

/**
 * Turns for the network. What waits for a slow host waits in that host's lane and holds no slot of the total, and free
 * slots go round the hosts, so a slow or popular host delays only its own images.
 */
export class FetchSlots {
  private running = 0;
  /** In the order of turns: a lane that was just served goes to the end. */
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly limits: FetchSlotLimits) {}

  /**
   * Runs `task` when both limits allow. An abort while waiting gives the place up and rejects with the abort's error;
   * once started, a task minds the signal itself.
   */
  async run<T>(host: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    await this.acquire(host, signal);
    try {
      return await task();
    } finally {
      this.release(host);
    }
  }

  private acquire(host: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(abortError(signal));
    const lane = this.lanes.get(host) ?? { running: 0, waiting: new Set() };
    this.lanes.set(host, lane);
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        lane.waiting.delete(start);
        this.forgetIfIdle(host, lane);
        reject(abortError(signal));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      lane.waiting.add(start);
      this.startWaiting();
    });
  }

  private release(host: string): void {
    const lane = this.lanes.get(host);
    if (!lane) return;
    this.running -= 1;
    lane.running -= 1;
    this.forgetIfIdle(host, lane);
    this.startWaiting();
  }

  private startWaiting(): void {
    while (this.running < this.limits.totalMax && this.startOne());
  }

  private startOne(): boolean {
    for (const [host, lane] of this.lanes) {
      const [start] = lane.waiting;
      if (!start || lane.running >= this.limits.perHostMax) continue;
      lane.waiting.delete(start);
      lane.running += 1;
      this.running += 1;
      this.lanes.delete(host);
      this.lanes.set(host, lane);
      start();
      return true;
    }
    return false;
  }

  private forgetIfIdle(host: string, lane: Lane): void {
    if (lane.running === 0 && lane.waiting.size === 0) this.lanes.delete(host);
  }
}
