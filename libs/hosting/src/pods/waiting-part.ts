import type { Clock } from '#core';
import type { WaitingPart } from '#pods';

const MINUTE_MS = 60_000;
const MINUTES_MAX = 15;
/** Beyond it nobody new is noted in a minute: names are few, but each caller of a service may have a token. */
const PRINCIPALS_NOTED_MAX = 500;
const PRINCIPALS_TOLD_MAX = 50;

/** What waits of one principal for one model. */
interface Waiting {
  readonly principalId: string;
  readonly items: number;
  readonly requests: number;
  readonly oldestAgeMs: number;
}

/**
 * Notes whose work waits each time a pod reports, for 15 minutes. What waited shorter than the time between two looks
 * may be missed; who waits for long is not.
 */
export class WaitingHistory {
  /** By the start of the minute, the oldest first. */
  private readonly minutes = new Map<number, Map<string, number>>();

  constructor(private readonly clock: Pick<Clock, 'wallMs'>) {}

  /** Looks at what waits now, over all models, and tells it with what was seen before. */
  look(waiting: readonly Waiting[]): WaitingPart {
    const now = summed(waiting);
    const minute = this.thisMinute();
    for (const [id, { oldestAgeMs }] of now) {
      if (minute.size >= PRINCIPALS_NOTED_MAX && !minute.has(id)) continue;
      minute.set(id, Math.max(minute.get(id) ?? 0, Math.round(oldestAgeMs)));
    }
    const seen = [...this.minutes.values()];
    const ids = new Set([...seen.flatMap((one) => [...one.keys()]), ...now.keys()]);
    const byPrincipal = [...ids].map((principalId) => ({
      principalId,
      ...(now.get(principalId) ?? NOTHING),
      longestMs: seen.map((one) => one.get(principalId) ?? null),
    }));
    byPrincipal.sort((a, b) => longestOf(b) - longestOf(a));
    return { minutes: [...this.minutes.keys()], byPrincipal: byPrincipal.slice(0, PRINCIPALS_TOLD_MAX) };
  }

  private thisMinute(): Map<string, number> {
    const startMs = Math.floor(this.clock.wallMs() / MINUTE_MS) * MINUTE_MS;
    const minute = this.minutes.get(startMs) ?? new Map<string, number>();
    this.minutes.set(startMs, minute);
    for (const ofMs of this.minutes.keys()) {
      // The clock may have been set back, too.
      if (Math.abs(startMs - ofMs) >= MINUTES_MAX * MINUTE_MS) this.minutes.delete(ofMs);
    }
    return minute;
  }
}

const NOTHING = { items: 0, requests: 0, oldestAgeMs: 0 };

function summed(waiting: readonly Waiting[]): Map<string, typeof NOTHING> {
  const byId = new Map<string, typeof NOTHING>();
  for (const { principalId, items, requests, oldestAgeMs } of waiting) {
    const {
      items: itemsBefore,
      requests: requestsBefore,
      oldestAgeMs: oldestBefore,
    } = byId.get(principalId) ?? NOTHING;
    byId.set(principalId, {
      items: itemsBefore + items,
      requests: requestsBefore + requests,
      oldestAgeMs: Math.max(oldestBefore, oldestAgeMs),
    });
  }
  return byId;
}

function longestOf({ longestMs }: WaitingPart['byPrincipal'][number]): number {
  return Math.max(0, ...longestMs.map((ms) => ms ?? 0));
}
