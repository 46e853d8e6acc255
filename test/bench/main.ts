import { mkdirSync, writeFileSync } from 'node:fs';
import { repositoryRoot, startServer } from '../support/server.js';
import type { BareOrder, BareResult } from './bare.js';
import { BARE_BATCHES, benchCases, comparableBatch, type BenchCase } from './cases.js';
import { figuresOf, jsonRow, type Figures, type Measured, type Yardsticks } from './figures.js';
import { HelperProcess } from './helper-process.js';
import type { LoadOrder, LoadResult } from './load.js';
import { describeMachine, loadAverage } from './machine.js';
import { parseOptions, USAGE, type BenchOptions } from './options.js';
import { renderReport } from './report.js';
import { readServer, useBetween } from './server-reading.js';
import { benchTokens } from './token-flood.js';

/** Measures the built service against a bare loop and writes what was asked for. */
export async function main(args: string[]): Promise<void> {
  const options = parseOptions(args, repositoryRoot);
  if (!options) return console.log(USAGE);
  if (options.tokens !== undefined) return benchTokens(options.tokens);
  const cases = benchCases(options.quick, options.only);
  const loadBefore = loadAverage();
  const before = await measureYardsticks(cases, options);
  const measured = await measureLoads(cases, options);
  const after = await measureYardsticks(cases, options);
  const [bare, model] = [meanOf(before.onnx, after.onnx), meanOf(before.model, after.model)];
  const figures = measured.map((one) => figuresOf(one, bare));
  const machine = describeMachine();
  const { warmUpMs, runMs, repeats } = options;
  const parts = { machine, loadBefore, loadAfter: loadAverage(), warmUpMs, runMs, repeats, bare, model, figures };
  write(options, renderReport(parts), figures);
}

function write({ jsonFile, documentFile }: BenchOptions, report: string, figures: readonly Figures[]): void {
  if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(figures.map(jsonRow), null, 2)}\n`);
  if (documentFile) writeFileSync(documentFile, report);
  else console.log(`\n${report}`);
}

async function measureLoads(cases: BenchCase[], options: BenchOptions): Promise<Measured[]> {
  // The loads send the same contents again and again: kept vectors would be measured instead of the model.
  await using server = await startServer({ env: { CAS_CACHE_BYTES_MAX: '0', ...profiling(options) } });
  await using generator = new HelperProcess<LoadOrder, LoadResult>('load-generator.ts');
  const { warmUpMs, runMs, repeats } = options;
  const measured: Measured[] = [];
  for (const benchCase of cases) {
    const before = await readServer(server);
    const results: LoadResult[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      results.push(await generator.run({ port: server.port, benchCase, warmUpMs, runMs }));
    }
    const one = { benchCase, results, server: useBetween(before, await readServer(server)) };
    measured.push(one);
    say(figuresOf(one, new Map()));
  }
  return measured;
}

async function measureYardsticks(
  cases: BenchCase[],
  { runMs }: BenchOptions,
): Promise<{ onnx: Yardsticks; model: Yardsticks }> {
  await using bare = new HelperProcess<BareOrder, BareResult>('bare-loop.ts');
  const found = { onnx: new Map<string, number>(), model: new Map<string, number>() };
  const needed = new Set(cases.map((benchCase) => `${benchCase.modality}/${comparableBatch(benchCase)}`));
  for (const modality of new Set(cases.map((benchCase) => benchCase.modality))) {
    for (const batch of BARE_BATCHES.filter((size) => needed.has(`${modality}/${size}`))) {
      for (const loop of ['onnx', 'model'] as const) {
        const { itemsPerSecond } = await bare.run({ loop, modality, batch, runMs });
        found[loop].set(`${modality}/${batch}`, itemsPerSecond);
        console.log(`${loop}, ${modality}, batch ${batch}: ${itemsPerSecond.toFixed(0)} items/s`);
      }
    }
  }
  return found;
}

function meanOf(some: Yardsticks, others: Yardsticks): Yardsticks {
  return new Map([...some].map(([key, value]) => [key, (value + (others.get(key) ?? value)) / 2]));
}

function profiling({ profileFolder }: BenchOptions): Record<string, string> {
  if (!profileFolder) return {};
  mkdirSync(profileFolder, { recursive: true });
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileFolder}` };
}

function say({ case: name, itemsPerSecond, p50Ms, p99Ms, loadCores, server }: Figures): void {
  const cores = `cores: load ${loadCores.toFixed(2)}, parent ${server.parentCores.toFixed(2)}`;
  const model = `model runs ${(server.runShare * 100).toFixed(0)} %, ${server.batchSize.toFixed(1)} a batch`;
  console.log(`${name}: ${itemsPerSecond.toFixed(0)} items/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms; ${cores}; ${model}`);
}
