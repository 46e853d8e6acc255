import type { Instruments } from './instruments.js';

/** A card at one moment; undefined = the driver does not say. */
export interface CardReading {
  /** As a model's `devices` name it: `cuda:0`. */
  readonly device: string;
  readonly memoryUsedBytes: number | undefined;
  readonly memoryTotalBytes: number | undefined;
  /** Share of the time in which the card computed, from 0 to 1. */
  readonly utilizationRatio: number | undefined;
}

/** The cards that the process may use; no samples where there is none. */
export class DeviceMetrics {
  private read: () => Promise<readonly CardReading[]> = () => Promise.resolve([]);

  constructor(instruments: Instruments) {
    const show = (name: string, help: string, pick: (card: CardReading) => number | undefined): void =>
      instruments.gauge(name, help, ['device'], async () =>
        (await this.read()).flatMap((card) => {
          const value = pick(card);
          return value === undefined ? [] : [{ labels: { device: card.device }, value }];
        }),
      );
    show('clip_device_memory_used_bytes', 'Memory of a card that is in use.', (card) => card.memoryUsedBytes);
    show('clip_device_memory_total_bytes', 'Memory of a card.', (card) => card.memoryTotalBytes);
    show(
      'clip_device_utilization_ratio',
      'Share of the time in which a card computed.',
      (card) => card.utilizationRatio,
    );
  }

  /** @param read is called by each gauge of every scrape: it shares and keeps its readings. Must not reject. */
  followCards(read: () => Promise<readonly CardReading[]>): void {
    this.read = read;
  }
}
