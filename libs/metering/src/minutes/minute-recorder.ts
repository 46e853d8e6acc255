import { randomUUID } from 'node:crypto';
import { LessThan } from 'typeorm';
import { type Clock, every, type Repetition } from '#core';
import { type Database, ServiceMinuteEntity } from '#database';
import { Durations } from './durations.js';

/** The length of what is written, and how long it is kept. */
export const MINUTE_MS = 60_000;
export const MINUTES_KEPT_MS = 48 * 3_600_000;
const WRITE_EVERY_MS = 10_000;
const SAMPLE_EVERY_MS = 1_000;
const FORGET_EVERY_MS = 600_000;
/** Rows of one minute; names that callers choose make none. Beyond it nothing new is counted. */
const ROWS_MAX = 200;
/** Minutes that wait for a database that is away. */
const MINUTES_WAITING_MAX = 60;
const ERROR_CODES_MAX = 40;

/** A request that has ended, as it is counted. */
export interface CountedRequest {
  readonly protocol: string;
  /** The model that was served; undefined where none was. */
  readonly model: string | undefined;
  /** `ok`, `item_failed` or an error code. */
  readonly outcome: string;
  readonly items: number;
  readonly durationMs: number;
}

/** A model's queue at a moment. */
export interface QueueSample {
  readonly model: string;
  readonly items: number;
  readonly oldestAgeMs: number;
  readonly replicasReady: number;
}

interface Row {
  readonly protocol: string;
  readonly model: string;
  requests: number;
  items: number;
  readonly errors: Map<string, number>;
  readonly durations: Durations;
  batches: number;
  batchItems: number;
  batchItemsMax: number;
  queueItemsMax: number;
  queueAgeMsMax: number;
  replicasReadyMin: number | undefined;
}

/**
 * Counts what this process does by the minute: in memory at once, in the database every ten seconds, where it stays for
 * 48 hours. Nothing waits for it; while the database is away an hour of minutes waits, and older ones are lost.
 */
export class MinuteRecorder {
  private readonly instance = randomUUID();
  private readonly minutes = new Map<number, Map<string, Row>>();
  private work: Repetition[] = [];
  private forgotAtMs = -Infinity;

  private queues: () => readonly QueueSample[] = () => [];

  constructor(private readonly parts: { readonly database: Database; readonly clock: Clock }) {}

  /** Says where the queues are looked at, every second; none before. */
  followQueues(read: () => readonly QueueSample[]): void {
    this.queues = read;
  }

  onRequest({ protocol, model = '', outcome, items, durationMs }: CountedRequest): void {
    const row = this.row(protocol, model);
    if (!row) return;
    row.requests += 1;
    row.items += items;
    row.durations.add(durationMs);
    if (outcome === 'ok' || (row.errors.size >= ERROR_CODES_MAX && !row.errors.has(outcome))) return;
    row.errors.set(outcome, (row.errors.get(outcome) ?? 0) + 1);
  }

  onBatch({
    model,
    size,
    itemsMax,
  }: {
    readonly model: string;
    readonly size: number;
    readonly itemsMax: number;
  }): void {
    const row = this.row('', model);
    if (!row) return;
    row.batches += 1;
    row.batchItems += size;
    row.batchItemsMax += itemsMax;
  }

  start(): void {
    if (this.work.length > 0) return;
    const { clock } = this.parts;
    this.work = [every(clock, SAMPLE_EVERY_MS, () => this.sample()), every(clock, WRITE_EVERY_MS, () => this.write())];
  }

  /** Writes what is left. Never rejects. */
  async stop(): Promise<void> {
    await Promise.all(this.work.map((one) => one.stop()));
    await this.write().catch(() => undefined);
  }

  /** Resolves when the write under way has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.work.map((one) => one.settled()));
  }

  private sample(): void {
    for (const { model, items, oldestAgeMs, replicasReady } of this.queues()) {
      const row = this.row('', model);
      if (!row) continue;
      row.queueItemsMax = Math.max(row.queueItemsMax, items);
      row.queueAgeMsMax = Math.max(row.queueAgeMsMax, Math.round(oldestAgeMs));
      row.replicasReadyMin = Math.min(row.replicasReadyMin ?? Infinity, replicasReady);
    }
  }

  /** Rows are written whole, so that a write that is repeated counts nothing twice. */
  private async write(): Promise<void> {
    const { database, clock } = this.parts;
    const nowMs = clock.wallMs();
    const rows = [...this.minutes].flatMap(([minuteStartMs, minute]) =>
      [...minute.values()].map((row) => ({ minuteStartMs, instance: this.instance, ...stored(row) })),
    );
    if (rows.length > 0) {
      await database.transaction((manager) => manager.upsert(ServiceMinuteEntity, rows, [...KEY]));
    }
    for (const minuteStartMs of this.minutes.keys()) {
      if (minuteStartMs + MINUTE_MS <= nowMs) this.minutes.delete(minuteStartMs);
    }
    await this.forgetOld(nowMs);
  }

  private async forgetOld(nowMs: number): Promise<void> {
    const { database, clock } = this.parts;
    if (clock.now() - this.forgotAtMs < FORGET_EVERY_MS) return;
    this.forgotAtMs = clock.now();
    const old = { minuteStartMs: LessThan(nowMs - MINUTES_KEPT_MS) };
    await database.transaction((manager) => manager.delete(ServiceMinuteEntity, old));
  }

  private row(protocol: string, model: string): Row | undefined {
    const minuteStartMs = Math.floor(this.parts.clock.wallMs() / MINUTE_MS) * MINUTE_MS;
    let minute = this.minutes.get(minuteStartMs);
    if (!minute) {
      this.minutes.set(minuteStartMs, (minute = new Map()));
      const [oldest] = this.minutes.keys();
      if (oldest !== undefined && this.minutes.size > MINUTES_WAITING_MAX) this.minutes.delete(oldest);
    }
    const key = `${protocol}\n${model}`;
    const known = minute.get(key);
    if (known || minute.size >= ROWS_MAX) return known;
    const row: Row = {
      ...{ protocol: protocol.slice(0, 20), model: model.slice(0, 200), requests: 0, items: 0 },
      ...{ errors: new Map<string, number>(), durations: new Durations() },
      ...{ batches: 0, batchItems: 0, batchItemsMax: 0, queueItemsMax: 0, queueAgeMsMax: 0 },
      replicasReadyMin: undefined,
    };
    minute.set(key, row);
    return row;
  }
}

const KEY = ['minuteStartMs', 'instance', 'protocol', 'model'] as const;

function stored({ errors, durations, replicasReadyMin, ...row }: Row) {
  return {
    ...row,
    errors: JSON.stringify(Object.fromEntries(errors)),
    durations: JSON.stringify(durations.pairs()),
    replicasReadyMin: replicasReadyMin ?? null,
  };
}
