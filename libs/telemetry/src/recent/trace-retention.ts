import { type Clock, every, type Repetition } from '#core';
import { BatchTraceEntity, type Database, forUpdate, RequestTraceEntity, type StoredRequestEntity } from '#database';
import { In, LessThan } from 'typeorm';
import { REQUESTS_SHARE } from './recent-traces.js';

const SWEEP_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Rows of one transaction, for which other writers wait, and on SQLite everything else in the process. */
const ROWS_PER_DELETE = 100;
/** Rows whose sizes are summed up in one go, about a millisecond of work. */
const ROWS_PER_SUM = 2_000;

export interface TraceRetentionOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** How long traces are kept. */
  readonly hours: number;
  /** Most bytes of all rows together; beyond it the oldest go. */
  readonly bytesMax: number;
  /** What is swept, and each one's share of the bytes; requests and batches by default. */
  readonly swept?: readonly (readonly [Swept, share: number])[];
  /** Hears of a request or batch that went although it was young enough. */
  readonly onDropped?: () => void;
}

/**
 * Removes traces that are too old or too many from the database, once a minute. Several processes may do so at once.
 */
export class TraceRetention {
  private regularWork: Repetition | undefined;

  constructor(private readonly options: TraceRetentionOptions) {}

  /** Begins to sweep. A sweep that fails is made up for by the next one. */
  start(): void {
    this.regularWork ??= every(this.options.clock, SWEEP_MS, () => this.sweep());
  }

  /** Begins no more sweeps, and resolves when the one under way has ended. */
  async stop(): Promise<void> {
    await this.regularWork?.stop();
  }

  /** Resolves when the sweep under way has ended. */
  async settled(): Promise<void> {
    await this.regularWork?.settled();
  }

  /** @throws DomainError `unavailable` while the database cannot be reached */
  async sweep(): Promise<void> {
    const { clock, hours, bytesMax, onDropped, swept = TRACES } = this.options;
    const tooOldMs = clock.wallMs() - hours * HOUR_MS;
    for (const [entity, share] of swept) {
      await this.remove(entity, tooOldMs, () => undefined);
      const tooManyMs = await this.endOfRoom(entity, bytesMax * share);
      if (tooManyMs !== undefined) await this.remove(entity, tooManyMs, onDropped);
    }
  }

  /** Removes what began before `beforeMs`. */
  private async remove(entity: Swept, beforeMs: number, onRemoved: (() => void) | undefined): Promise<void> {
    while ((await this.removeSome(entity, beforeMs, onRemoved)) === ROWS_PER_DELETE);
  }

  /** Leaves out rows that another process removes at this moment. */
  private async removeSome(entity: Swept, beforeMs: number, onRemoved?: () => void): Promise<number> {
    const removed = await this.options.database.transaction(async (manager) => {
      const { lock } = forUpdate(manager);
      const rows = await manager.find<{ id: string; startedAtMs: number }>(entity, {
        select: { id: true },
        where: { startedAtMs: LessThan(beforeMs) },
        order: { startedAtMs: 'ASC' },
        take: ROWS_PER_DELETE,
        ...(lock === undefined ? {} : { lock: { ...lock, onLocked: 'skip_locked' } }),
      });
      if (rows.length > 0) await manager.delete(entity, { id: In(rows.map(({ id }) => id)) });
      return rows.length;
    });
    for (let at = 0; at < removed; at += 1) onRemoved?.();
    return removed;
  }

  /**
   * Sums sizes up from the newest row on, some rows at a time, and returns the begin of the oldest that has room;
   * undefined when all have.
   */
  private async endOfRoom(entity: Swept, bytesMax: number): Promise<number | undefined> {
    let bytes = 0;
    for (let beforeMs = Number.MAX_SAFE_INTEGER; ;) {
      const rows = await this.sizesBefore(entity, beforeMs);
      for (const [startedAtMs, size] of rows) {
        bytes += size;
        if (bytes > bytesMax) return startedAtMs + 1;
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_PER_SUM) return undefined;
      [beforeMs] = last;
    }
  }

  /** Begin and size of the newest rows that began before `beforeMs`, of an index alone. */
  private async sizesBefore(entity: Swept, beforeMs: number): Promise<[startedAtMs: number, size: number][]> {
    const rows = await this.options.database.read((manager) =>
      manager
        .createQueryBuilder(entity, 'row')
        .select('row.startedAtMs', 'began')
        .addSelect('row.bytes', 'size')
        .where('row.startedAtMs < :beforeMs', { beforeMs })
        .orderBy('row.startedAtMs', 'DESC')
        .limit(ROWS_PER_SUM)
        .getRawMany<{ began: number | string; size: number | string }>(),
    );
    return rows.map(({ began, size }) => [Number(began), Number(size)]);
  }
}

/** Tables whose rows are swept by their begin and their bytes. */
type Swept = typeof RequestTraceEntity | typeof BatchTraceEntity | typeof StoredRequestEntity;

const TRACES = [
  [RequestTraceEntity, REQUESTS_SHARE],
  [BatchTraceEntity, 1 - REQUESTS_SHARE],
] as const;
