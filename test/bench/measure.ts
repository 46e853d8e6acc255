import { mkdirSync } from 'node:fs';
import { startServer } from '../support/server.js';
import type { BareOrder, BareResult } from './bare.js';
import { benchCases, pythonCases, type BenchCase } from './cases.js';
import type { Figures } from './figures.js';
import { HelperProcess } from './helper-process.js';
import type { LoadOrder, LoadResult } from './load.js';
import { measureOurs, measurePython } from './measure-loads.js';
import type { BenchModel, BenchOptions } from './options.js';
import { PeakMemory } from './peak-memory.js';
import { PythonServer } from './python-server.js';
import { measureBulk, measureOverload, type BulkFigures, type BulkLimits, type OverloadFigures } from './scenarios.js';
import { tried } from './tried.js';
import { measureYardsticks, type Yardstick } from './yardsticks.js';

/** Resident bytes of a server and its children. */
export interface Memory {
  readonly startBytes: number;
  readonly peakBytes: number;
}

/** All that was found out with one model. */
export interface ModelFigures {
  readonly model: string;
  readonly yardsticks: readonly Yardstick[];
  readonly loads: readonly Figures[];
  readonly memory: Memory;
  readonly bulk: BulkFigures | undefined;
  readonly overload: OverloadFigures | undefined;
  /** The Python server's loads on the same files; empty where it was not asked for. */
  readonly python: readonly Figures[];
  readonly pythonMemory: Memory | undefined;
}

/** Our server first, then those of its loads that are no plain ones, then the Python server: never two at a time. */
export async function measureModel(model: BenchModel, options: BenchOptions): Promise<ModelFigures> {
  await using generator = new HelperProcess<LoadOrder, LoadResult>('load-generator.ts');
  const ours = await measureServer(model, options, generator);
  const overload = isWanted('overload', options)
    ? await tried(`${model.name} overload`, () =>
        measureOverload({ ...settingsFor(model, options), ...profiling(options) }, generator, {
          roughPeak: highestTextRate(ours.yardsticks),
          runMs: 5 * options.runMs,
        }),
      )
    : undefined;
  if (overload) console.log(model.name, 'overload', overload);
  const { peerFolder } = options;
  // The embedded model's files are none that the Python server reads.
  const python =
    peerFolder && !model.isEmbedded
      ? await tried('the Python server', () => measurePeer(peerFolder, model, options, generator))
      : undefined;
  return { model: model.name, ...ours, overload, python: python?.loads ?? [], pythonMemory: python?.memory };
}

async function measureServer(
  model: BenchModel,
  options: BenchOptions,
  generator: HelperProcess<LoadOrder, LoadResult>,
): Promise<Pick<ModelFigures, 'yardsticks' | 'loads' | 'memory' | 'bulk'>> {
  await using bare = new HelperProcess<BareOrder, BareResult>('bare-loop.ts');
  const yardsticks = await measureYardsticks(model, bare, options.runMs / 2);
  await using server = await startServer({ env: { ...settingsFor(model, options), ...profiling(options) } });
  using memory = new PeakMemory(server.pid);
  const cases = wanted(benchCases(model.name, options.quick), options);
  const loads = await measureOurs(server, model.folder, cases, { generator, bare, yardsticks }, options);
  const bulk = isWanted('bulk', options)
    ? await tried(`${model.name} bulk`, () => measureBulk(server.port, generator, bulkLimits(options)))
    : undefined;
  if (bulk) console.log(model.name, 'bulk', bulk);
  return { yardsticks, loads, bulk, memory: { startBytes: memory.startBytes, peakBytes: memory.peakBytes } };
}

async function measurePeer(
  peerFolder: string,
  model: BenchModel,
  options: BenchOptions,
  generator: HelperProcess<LoadOrder, LoadResult>,
): Promise<{ loads: Figures[]; memory: Memory }> {
  await using python = await PythonServer.start(peerFolder, model.folder);
  await python.ready(generator);
  using memory = new PeakMemory(python.pid);
  const cases = wanted(pythonCases(model.name, options.quick), options);
  const loads = await measurePython((protocol) => python.portOf(protocol), cases, generator, options);
  return { loads, memory: { startBytes: memory.startBytes, peakBytes: memory.peakBytes } };
}

/** The loads send the same contents again and again: kept vectors would be measured instead of the model. */
function settingsFor({ name, parent }: BenchModel, { settings }: BenchOptions): Record<string, string> {
  return { CAS_MODEL: name, CAS_MODEL_DIR: parent, CAS_CACHE_BYTES_MAX: '0', ...settings };
}

/**
 * A model of true size takes a quarter of an hour for 100,000 texts, hence the limit of time. 20 s alone are 800 calls,
 * of which p99 leaves out 8.
 */
function bulkLimits({ quick }: BenchOptions): BulkLimits {
  return quick
    ? { aloneMs: 3_000, textsMax: 10_000, streamMs: 6_000 }
    : { aloneMs: 20_000, textsMax: 100_000, streamMs: 300_000 };
}

function highestTextRate(yardsticks: readonly Yardstick[]): number {
  const texts = yardsticks.filter(({ modality }) => modality === 'text');
  return Math.max(...texts.map(({ result }) => result.itemsPerSecond));
}

function wanted(cases: readonly BenchCase[], { only }: BenchOptions): BenchCase[] {
  return cases.filter(({ name }) => name.includes(only));
}

function isWanted(scenario: string, { only }: BenchOptions): boolean {
  return scenario.includes(only);
}

function profiling({ profileFolder }: BenchOptions): Record<string, string> {
  if (!profileFolder) return {};
  mkdirSync(profileFolder, { recursive: true });
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileFolder}` };
}
