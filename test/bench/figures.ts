import type { BareLoop, BareResult } from './bare.js';
import { PYTHON_PROTOCOLS, type BenchCase } from './cases.js';
import type { LoadResult } from './load.js';
import type { ServerUse } from './server-reading.js';
import { mean, median, percentile, rounded } from './statistics.js';

/** What was seen of one load. */
export interface Measured {
  readonly benchCase: BenchCase;
  readonly results: readonly LoadResult[];
  /** A run of each comparable loop before each repeat; nothing for the Python server. */
  readonly bare: readonly Partial<Record<BareLoop, BareResult>>[];
  /** Over all repeats, warm-up included, without the bare loops in between; only our server tells. */
  readonly server: ServerUse | undefined;
}

/** A load's figures over its repeats. */
export interface Figures {
  readonly benchCase: BenchCase;
  readonly itemsPerSecond: number;
  /** Slowest and fastest repeat, items per second. */
  readonly lowest: number;
  readonly highest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the loop without a service at the batch that the case can fill. */
  readonly bare: Partial<Record<BareLoop, BareResult>>;
  /** Cores the load generator kept busy, 1 = one core. */
  readonly loadCores: number;
  readonly server: ServerUse | undefined;
}

/** Throughput is the median of the repeats; latencies are those of all repeats together. */
export function figuresOf({ benchCase, results, bare, server }: Measured): Figures {
  const rates = results.map(({ latenciesMs, elapsedMs }) => (latenciesMs.length * benchCase.items * 1000) / elapsedMs);
  const latencies = results.flatMap(({ latenciesMs }) => latenciesMs);
  return {
    benchCase,
    itemsPerSecond: rounded(median(rates), 1),
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    p50Ms: rounded(percentile(latencies, 0.5), 2),
    p99Ms: rounded(percentile(latencies, 0.99), 2),
    bare: Object.fromEntries(loopsIn(bare).map((loop) => [loop, medianOf(bare.flatMap((run) => run[loop] ?? []))])),
    loadCores: mean(results.map(({ cores }) => cores)),
    server,
  };
}

/** The loop that does what the service does: with images, decoding counts. */
export function bareOf({ bare }: Figures): BareResult | undefined {
  return bare.decoded ?? bare.session;
}

/** undefined when that loop was not measured. */
export function ratioToBare(figures: Figures, loop?: BareLoop): number | undefined {
  const bare = loop ? figures.bare[loop] : bareOf(figures);
  return bare && figures.itemsPerSecond / bare.itemsPerSecond;
}

/**
 * The Python server's figures of the same load on the same model; none of streams with many requests under way, which
 * it was not sent.
 */
export function pythonOf({ benchCase }: Figures, python: readonly Figures[]): Figures | undefined {
  const { model, modality, lengths, protocol, clients, items, inFlight } = benchCase;
  return python.find(
    ({ benchCase: other }) =>
      other.model === `python-server:${model}` &&
      other.modality === modality &&
      other.lengths === lengths &&
      other.protocol === PYTHON_PROTOCOLS[protocol] &&
      other.clients === clients &&
      other.items === items &&
      other.inFlight === inFlight,
  );
}

function loopsIn(runs: Measured['bare']): BareLoop[] {
  return [...new Set(runs.flatMap((run) => Object.keys(run) as BareLoop[]))];
}

function medianOf(runs: readonly BareResult[]): BareResult {
  return {
    itemsPerSecond: median(runs.map(({ itemsPerSecond }) => itemsPerSecond)),
    p50Ms: median(runs.map(({ p50Ms }) => p50Ms)),
  };
}
