import { systemClock, withDeadline } from '#core';
import { hasDriver, type DeviceSources } from './device-inventory.js';
import { NvidiaSmi, runCommand } from './nvidia-smi.js';
import { CARD_USE_FIELDS } from './parse-cards.js';
import { visibleCards } from './visible-cards.js';

/** How much of a card is in use; undefined = the driver does not say. */
export interface CardUse {
  /** As a model's `devices` name it: `cuda:0`. */
  readonly device: string;
  readonly memoryUsedBytes: number | undefined;
  readonly memoryTotalBytes: number | undefined;
  /** Share of the time in which the card computed, from 0 to 1. */
  readonly utilizationRatio: number | undefined;
}

/** A reading is kept for so long: `nvidia-smi` is a process each time, which wakes a driver that sleeps. */
const KEPT_MS = 10_000;
/** Nobody waits longer than this for a driver. */
const WAIT_MS_MAX = 2_000;

/**
 * The use of the cards that this process sees, for whoever asks often. Where there is no driver, no process is ever
 * started.
 */
export class CardMonitor {
  private readonly nvidiaSmi: NvidiaSmi;
  private last: { readonly atMs: number; readonly cards: Promise<readonly CardUse[]> } | undefined;

  constructor(private readonly sources: Pick<DeviceSources, 'run' | 'clock' | 'env' | 'hasDriver'>) {
    this.nvidiaSmi = new NvidiaSmi(sources, CARD_USE_FIELDS);
  }

  /**
   * The cards as they were at most 10 s ago; none where there are none, where the driver fails, and where it does not
   * answer within 2 s. Never rejects.
   */
  read(): Promise<readonly CardUse[]> {
    const { clock, hasDriver } = this.sources;
    const nowMs = clock.now();
    if (this.last && nowMs - this.last.atMs < KEPT_MS) return this.last.cards;
    if (!hasDriver()) return Promise.resolve([]);
    const cards = withDeadline(clock, WAIT_MS_MAX, this.ask(), () => []);
    this.last = { atMs: nowMs, cards };
    return cards;
  }

  private async ask(): Promise<readonly CardUse[]> {
    const reading = await this.nvidiaSmi.read();
    if (reading.state !== 'read') return [];
    const { cards } = visibleCards(reading.cards, this.sources.env);
    return cards.map(({ memoryTotalBytes, memoryFreeBytes, utilizationRatio }, n) => ({
      device: `cuda:${n}`,
      memoryUsedBytes:
        memoryTotalBytes === undefined || memoryFreeBytes === undefined
          ? undefined
          : memoryTotalBytes - memoryFreeBytes,
      memoryTotalBytes,
      utilizationRatio,
    }));
  }
}

/** The use of the cards of this machine, as a process with this environment sees them. */
export function localCardMonitor(env: NodeJS.ProcessEnv = process.env): CardMonitor {
  return new CardMonitor({ run: runCommand, clock: systemClock, env, hasDriver });
}
