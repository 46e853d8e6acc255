/** How long a run of `n` calls of one item takes: `fixedS + n * perCallS`, from a benchmark's figures. */
export interface ServiceTime {
  readonly fixedS: number;
  readonly perCallS: number;
  readonly batchMax: number;
}

/** The line through two measured points: calls a second at runs of 1, and at runs of `batchMax`. */
export function serviceTime(perSecondAlone: number, perSecondFull: number, batchMax: number): ServiceTime {
  const alone = 1 / perSecondAlone;
  const full = batchMax / perSecondFull;
  const perCallS = (full - alone) / (batchMax - 1);
  return { fixedS: alone - perCallS, perCallS, batchMax };
}

const AVERAGED_S = 120;

/** A pod as the rule sees it: calls wait in one line, and a free replica takes what waits at once, up to a full run. */
export class SimulatedPod {
  private readonly waiting: number[] = [];
  private inRun = 0;
  private busyUntilS = 0;
  private readonly scraped: { atS: number; queued: number; running: number }[] = [];

  constructor(
    private readonly time: ServiceTime,
    readonly readyAtS: number,
    /** When its ops port begins to answer scrapes. */
    private readonly reportsAtS: number,
  ) {}

  take(arrivedAtS: number): void {
    this.waiting.push(arrivedAtS);
  }

  /** Ends the run that is over, begins the next, and returns the age of the oldest call that waits, in seconds. */
  advance(nowS: number): number {
    while (this.busyUntilS <= nowS) {
      this.inRun = 0;
      if (this.waiting.length === 0) break;
      this.inRun = Math.min(this.waiting.length, this.time.batchMax);
      // A free replica begins when the call comes, a busy one when its run ends.
      const beginS = Math.max(this.busyUntilS, this.waiting[this.inRun - 1] ?? nowS);
      this.waiting.splice(0, this.inRun);
      this.busyUntilS = beginS + this.time.fixedS + this.inRun * this.time.perCallS;
    }
    return this.waiting.length > 0 ? nowS - (this.waiting[0] ?? nowS) : 0;
  }

  get isIdle(): boolean {
    return this.waiting.length === 0 && this.inRun === 0;
  }

  scrape(nowS: number): void {
    if (nowS < this.reportsAtS) return;
    const queued = this.waiting.length;
    this.scraped.push({ atS: nowS, queued, running: queued + this.inRun });
  }

  /** The two metrics, as the rules of the adapter make them; undefined before the first scrape. */
  metrics(nowS: number): { queued: number; running: number } | undefined {
    const last = this.scraped.at(-1);
    if (last === undefined) return undefined;
    const recent = this.scraped.filter(({ atS }) => atS > nowS - AVERAGED_S);
    return { queued: last.queued, running: recent.reduce((sum, { running }) => sum + running, 0) / recent.length };
  }
}
