import { abortError } from '#core';

export interface FetchSlotLimits {
  /** Most tasks at once, but for the reserve. */
  readonly totalMax: number;
  /** Most tasks beyond the total, of principals that hold no slot. */
  readonly reserveMax: number;
  /** Most tasks at once for one host, whoever asks. */
  readonly perHostMax: number;
}

/** For whom a task runs, and what it waits for. */
export interface SlotRequest {
  readonly principalId: string;
  readonly host: string;
}

interface Share {
  running: number;
  readonly waiting: WaitingByHost;
}

/**
 * Turns for the network. A free slot goes to the principal that holds the fewest, and among its hosts round them. A
 * principal alone may use the whole total; another one that comes then starts at once, with one slot of the reserve,
 * and gets each slot that falls free until it holds as many. What waits for a slow host holds no slot, so that host
 * delays only its own images.
 */
export class FetchSlots {
  private running = 0;
  private readonly runningByHost = new Map<string, number>();
  /** In the order of turns: a principal whose task has just ended comes last among those that hold as many. */
  private readonly shares = new Map<string, Share>();

  constructor(private readonly limits: FetchSlotLimits) {}

  /**
   * Runs `task` when both limits allow. An abort while waiting gives the place up and rejects with the abort's error;
   * once started, a task minds the signal itself.
   */
  async run<T>(request: SlotRequest, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    await this.acquire(request, signal);
    try {
      return await task();
    } finally {
      this.release(request);
    }
  }

  private acquire({ principalId, host }: SlotRequest, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(abortError(signal));
    const share = this.shares.get(principalId) ?? { running: 0, waiting: new WaitingByHost() };
    this.shares.set(principalId, share);
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        share.waiting.remove(host, start);
        this.forgetIfIdle(principalId, share);
        reject(abortError(signal));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      share.waiting.add(host, start);
      this.startWaiting();
    });
  }

  private release({ principalId, host }: SlotRequest): void {
    this.running -= 1;
    this.countHost(host, -1);
    const share = this.shares.get(principalId);
    if (share) {
      share.running -= 1;
      this.shares.delete(principalId);
      this.shares.set(principalId, share);
      this.forgetIfIdle(principalId, share);
    }
    this.startWaiting();
  }

  private startWaiting(): void {
    while (this.running < this.limits.totalMax + this.limits.reserveMax && this.startOne());
  }

  private startOne(): boolean {
    const isFree = (host: string) => (this.runningByHost.get(host) ?? 0) < this.limits.perHostMax;
    // The sort is stable: the order of turns decides among equals.
    for (const share of [...this.shares.values()].sort((a, b) => a.running - b.running)) {
      // Those that follow hold as many or more: there is no room for them either.
      if (this.running >= this.limits.totalMax && share.running > 0) return false;
      const next = share.waiting.take(isFree);
      if (!next) continue;
      this.running += 1;
      share.running += 1;
      this.countHost(next.host, 1);
      next.start();
      return true;
    }
    return false;
  }

  private countHost(host: string, change: 1 | -1): void {
    const running = (this.runningByHost.get(host) ?? 0) + change;
    if (running === 0) this.runningByHost.delete(host);
    else this.runningByHost.set(host, running);
  }

  private forgetIfIdle(principalId: string, share: Share): void {
    if (share.running === 0 && share.waiting.isEmpty) this.shares.delete(principalId);
  }
}

/** Starts what waits. */
type Start = () => void;

/** What one principal waits for, by host. Turns go round the hosts; those of one host come in the order of arrival. */
class WaitingByHost {
  /** In the order of turns; none is empty. */
  private readonly hosts = new Map<string, Set<Start>>();

  get isEmpty(): boolean {
    return this.hosts.size === 0;
  }

  add(host: string, start: Start): void {
    const starts = this.hosts.get(host) ?? new Set();
    this.hosts.set(host, starts.add(start));
  }

  remove(host: string, start: Start): void {
    const starts = this.hosts.get(host);
    starts?.delete(start);
    if (starts?.size === 0) this.hosts.delete(host);
  }

  /** Takes out the next one whose host is free; that host comes last then. */
  take(isFree: (host: string) => boolean): { host: string; start: Start } | undefined {
    for (const [host, starts] of this.hosts) {
      const [start] = starts;
      if (!start || !isFree(host)) continue;
      starts.delete(start);
      this.hosts.delete(host);
      if (starts.size > 0) this.hosts.set(host, starts);
      return { host, start };
    }
    return undefined;
  }
}
