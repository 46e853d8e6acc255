import { And, LessThan, MoreThanOrEqual } from 'typeorm';
import { z } from 'zod';
import { parseJson } from '#core';
import { type Database, ServiceMinuteEntity } from '#database';
import { Durations } from './durations.js';
import { MINUTE_MS } from './minute-recorder.js';

/** Rows that are read in one go, some milliseconds of work; others are served in between. */
const ROWS_AT_A_TIME = 2_000;
/** Rows that are read at most: 48 hours of ten pods with a few models. Beyond it the oldest are left out. */
const ROWS_MAX = 150_000;

/** What is asked of the figures by the minute. Times in milliseconds since 1970, `toMs` excluded. */
export interface MinutesQuery {
  readonly fromMs: number;
  readonly toMs: number;
  /** The length of what a point sums up: whole minutes. */
  readonly stepMs: number;
  readonly model?: string | undefined;
}

/** Figures of some time, of all processes together. */
export interface ServiceFigures {
  readonly requests: number;
  readonly items: number;
  /** Requests that did not end with `ok`. */
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly batches: number;
  /** Items of the batches over the most that they could have had; null without a batch. */
  readonly batchFill: number | null;
  /** The most that waited in one model's queue of one process. */
  readonly queueItemsMax: number;
  readonly queueAgeMsMax: number;
}

/** What all processes did. */
export interface ServiceMinutes {
  /** One a step, the oldest first; steps in which no process wrote anything are left out. */
  readonly points: readonly (ServiceFigures & { readonly atMs: number })[];
  readonly total: ServiceFigures;
  /** The most frequent first. */
  readonly byError: readonly { readonly code: string; readonly requests: number }[];
  /** The busiest first; an empty name for requests that got no model. */
  readonly byModel: readonly (ServiceFigures & { readonly model: string })[];
  readonly byProtocol: readonly (ServiceFigures & { readonly protocol: string })[];
  /** Whether there was more than could be read. */
  readonly isPartial: boolean;
}

/** Sums the figures of all processes up. @throws DomainError `unavailable` */
export async function sumMinutes(database: Pick<Database, 'read'>, query: MinutesQuery): Promise<ServiceMinutes> {
  const sums = new Sums(query.stepMs);
  let [toMs, rows, read] = [query.toMs, ROWS_AT_A_TIME, 0];
  while (rows === ROWS_AT_A_TIME && read < ROWS_MAX) {
    const some = await readSome(database, { ...query, toMs });
    rows = some.length;
    read += rows;
    // The last minute of a page may be cut: it is read anew with the next one, unless it is all there is.
    const lastMs = some.at(-1)?.minuteStartMs ?? 0;
    const isCut = rows === ROWS_AT_A_TIME && some.some(({ minuteStartMs }) => minuteStartMs !== lastMs);
    for (const row of some) if (!isCut || row.minuteStartMs !== lastMs) sums.add(row);
    toMs = isCut ? lastMs + MINUTE_MS : lastMs;
  }
  return sums.result(rows === ROWS_AT_A_TIME);
}

function readSome(database: Pick<Database, 'read'>, { fromMs, toMs, model }: MinutesQuery) {
  return database.read((manager) =>
    manager.find(ServiceMinuteEntity, {
      where: {
        minuteStartMs: And(MoreThanOrEqual(fromMs), LessThan(toMs)),
        ...(model === undefined ? {} : { model }),
      },
      order: { minuteStartMs: 'DESC' },
      take: ROWS_AT_A_TIME,
    }),
  );
}

/** Adds rows up. */
class Figures {
  private requests = 0;
  private items = 0;
  private errors = 0;
  private batches = 0;
  private batchItems = 0;
  private batchItemsMax = 0;
  private queueItemsMax = 0;
  private queueAgeMsMax = 0;
  private readonly durations = new Durations();

  add(row: ServiceMinuteEntity, failed: number, pairs: readonly (readonly number[])[]): void {
    this.requests += row.requests;
    this.items += row.items;
    this.errors += failed;
    this.batches += row.batches;
    this.batchItems += row.batchItems;
    this.batchItemsMax += row.batchItemsMax;
    this.queueItemsMax = Math.max(this.queueItemsMax, row.queueItemsMax);
    this.queueAgeMsMax = Math.max(this.queueAgeMsMax, row.queueAgeMsMax);
    this.durations.addPairs(pairs);
  }

  result(): ServiceFigures {
    const { requests, items, errors, batches, queueItemsMax, queueAgeMsMax, durations } = this;
    const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((share) => durations.percentile(share));
    return {
      ...{ requests, items, errors, batches, queueItemsMax, queueAgeMsMax },
      ...{ p50Ms: p50Ms ?? null, p95Ms: p95Ms ?? null, p99Ms: p99Ms ?? null },
      batchFill: this.batchItemsMax === 0 ? null : this.batchItems / this.batchItemsMax,
    };
  }
}

class Sums {
  private readonly total = new Figures();
  private readonly points = new Map<number, Figures>();
  private readonly models = new Map<string, Figures>();
  private readonly protocols = new Map<string, Figures>();
  private readonly codes = new Map<string, number>();

  constructor(private readonly stepMs: number) {}

  add(row: ServiceMinuteEntity): void {
    const errors = storedErrors.safeParse(parseJson(row.errors)).data ?? {};
    const pairs = storedPairs.safeParse(parseJson(row.durations)).data ?? [];
    let failed = 0;
    for (const [code, requests] of Object.entries(errors)) {
      failed += requests;
      this.codes.set(code, (this.codes.get(code) ?? 0) + requests);
    }
    const atMs = Math.floor(row.minuteStartMs / this.stepMs) * this.stepMs;
    const all = [this.total, of(this.points, atMs), of(this.models, row.model)];
    if (row.protocol !== '') all.push(of(this.protocols, row.protocol));
    for (const figures of all) figures.add(row, failed, pairs);
  }

  result(isPartial: boolean): ServiceMinutes {
    const points = [...this.points].sort(([a], [b]) => a - b);
    const byRequests = (a: ServiceFigures, b: ServiceFigures): number => b.requests - a.requests;
    return {
      points: points.map(([atMs, figures]) => ({ atMs, ...figures.result() })),
      total: this.total.result(),
      byError: [...this.codes].map(([code, requests]) => ({ code, requests })).sort((a, b) => b.requests - a.requests),
      byModel: [...this.models].map(([model, figures]) => ({ model, ...figures.result() })).sort(byRequests),
      byProtocol: [...this.protocols]
        .map(([protocol, figures]) => ({ protocol, ...figures.result() }))
        .sort(byRequests),
      isPartial,
    };
  }
}

function of<Key>(all: Map<Key, Figures>, key: Key): Figures {
  const known = all.get(key);
  if (known) return known;
  const figures = new Figures();
  all.set(key, figures);
  return figures;
}

const storedErrors = z.record(z.string(), z.number());
const storedPairs = z.array(z.array(z.number()));
