/** Starts what waits. */
export type Start = () => void;

/** What one principal waits for, by host. Turns go round the hosts; those of one host come in the order of arrival. */
export class HostLanes {
  /** In the order of turns; none is empty. */
  private readonly lanes = new Map<string, Set<Start>>();

  get isEmpty(): boolean {
    return this.lanes.size === 0;
  }

  add(host: string, start: Start): void {
    const lane = this.lanes.get(host) ?? new Set();
    this.lanes.set(host, lane.add(start));
  }

  remove(host: string, start: Start): void {
    const lane = this.lanes.get(host);
    lane?.delete(start);
    if (lane?.size === 0) this.lanes.delete(host);
  }

  /** Takes out the next one whose host is free; that host comes last then. */
  take(isFree: (host: string) => boolean): { host: string; start: Start } | undefined {
    for (const [host, lane] of this.lanes) {
      const [start] = lane;
      if (!start || !isFree(host)) continue;
      lane.delete(start);
      this.lanes.delete(host);
      if (lane.size > 0) this.lanes.set(host, lane);
      return { host, start };
    }
    return undefined;
  }
}
