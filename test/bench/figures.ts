import { comparableBatch, type BenchCase } from './cases.js';
import type { LoadResult } from './load.js';
import type { ServerUse } from './server-reading.js';
import { median, percentile, rounded } from './statistics.js';

/** The measured yardsticks, by `text/8`: modality and batch; items per second. */
export type Yardsticks = ReadonlyMap<string, number>;

/** One row of `--json`: what is compared over versions. */
export interface JsonRow {
  readonly case: string;
  readonly itemsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Bare onnxruntime-node at the batch that the case can fill; null when it was not measured. */
  readonly bareItemsPerSecond: number | null;
  readonly ratioToBare: number | null;
}

/** A load's figures over its repeats. */
export interface Figures extends JsonRow {
  readonly benchCase: BenchCase;
  /** Slowest and fastest repeat, items per second. */
  readonly lowest: number;
  readonly highest: number;
  /** Cores the load generator kept busy, 1 = one core. */
  readonly loadCores: number;
  readonly server: ServerUse;
}

/** What was seen of one load. */
export interface Measured {
  readonly benchCase: BenchCase;
  readonly results: readonly LoadResult[];
  /** Over all repeats, warm-up included. */
  readonly server: ServerUse;
}

/** Throughput is the median of the repeats; latencies are those of all repeats together. */
export function figuresOf({ benchCase, results, server }: Measured, bare: Yardsticks): Figures {
  const rates = results.map(({ latenciesMs, elapsedMs }) => (latenciesMs.length * benchCase.items * 1000) / elapsedMs);
  const latencies = results.flatMap(({ latenciesMs }) => latenciesMs);
  const itemsPerSecond = median(rates);
  const bareItemsPerSecond = bare.get(`${benchCase.modality}/${comparableBatch(benchCase)}`) ?? null;
  return {
    case: benchCase.name,
    itemsPerSecond: rounded(itemsPerSecond, 1),
    p50Ms: rounded(percentile(latencies, 0.5), 2),
    p99Ms: rounded(percentile(latencies, 0.99), 2),
    bareItemsPerSecond: bareItemsPerSecond && rounded(bareItemsPerSecond, 1),
    ratioToBare: bareItemsPerSecond && rounded(itemsPerSecond / bareItemsPerSecond, 3),
    benchCase,
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    server,
    loadCores: sum(results.map(({ cpuMs }) => cpuMs)) / sum(results.map(({ elapsedMs }) => elapsedMs)),
  };
}

/** Only what belongs into the JSON file. */
export function jsonRow(figures: Figures): JsonRow {
  const { itemsPerSecond, p50Ms, p99Ms, bareItemsPerSecond, ratioToBare } = figures;
  return { case: figures.case, itemsPerSecond, p50Ms, p99Ms, bareItemsPerSecond, ratioToBare };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
