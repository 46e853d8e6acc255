import type { BareLoop, BareOrder, BareResult } from './bare.js';
import { comparableBatch, repeatsOf, type BenchCase, type Protocol } from './cases.js';
import type { HelperProcess } from './helper-process.js';
import { figuresOf, type Figures } from './figures.js';
import type { LoadOrder, LoadResult } from './load.js';
import { spanOf, useOver, type ServerSpan } from './server-reading.js';
import { tried } from './tried.js';
import { spinsBest, type Yardstick } from './yardsticks.js';
import type { RunningServer } from '../support/server.js';

/** The processes that measure. */
export interface Instruments {
  readonly generator: HelperProcess<LoadOrder, LoadResult>;
  readonly bare: HelperProcess<BareOrder, BareResult>;
  /** Say how the bare loop is at its fastest. */
  readonly yardsticks: readonly Yardstick[];
}

export interface Durations {
  readonly warmUpMs: number;
  readonly runMs: number;
  readonly repeats: number;
}

/** Before each repeat the bare loop runs for half as long, so that whatever else the machine does meets both alike. */
export async function measureOurs(
  server: RunningServer,
  folder: string,
  cases: readonly BenchCase[],
  instruments: Instruments,
  durations: Durations,
): Promise<Figures[]> {
  const { warmUpMs, runMs } = durations;
  const found: Figures[] = [];
  await eachOf(cases, async (benchCase) => {
    const results: LoadResult[] = [];
    const spans: ServerSpan[] = [];
    const bareRuns: Partial<Record<BareLoop, BareResult>>[] = [];
    for (let repeat = 0; repeat < repeatsOf(benchCase, durations); repeat++) {
      bareRuns.push(await runBare(instruments, folder, benchCase, runMs / 2));
      const load = { kind: 'closed', port: server.port, load: benchCase, warmUpMs, runMs } as const;
      const [result, span] = await spanOf(server, () => instruments.generator.run(load));
      results.push(result);
      spans.push(span);
    }
    found.push(said(figuresOf({ benchCase, results, bare: bareRuns, server: useOver(spans) })));
  });
  return found;
}

/** Each load once and twice as long: it takes seconds for what takes others a fraction of one. */
export async function measurePython(
  portOf: (protocol: Protocol) => number,
  cases: readonly BenchCase[],
  generator: HelperProcess<LoadOrder, LoadResult>,
  { warmUpMs, runMs }: Durations,
): Promise<Figures[]> {
  const found: Figures[] = [];
  await eachOf(cases, async (benchCase) => {
    const port = portOf(benchCase.protocol);
    const order = { kind: 'closed', port, load: benchCase, warmUpMs, runMs: 2 * runMs } as const;
    found.push(said(figuresOf({ benchCase, results: [await generator.run(order)], bare: [], server: undefined })));
  });
  return found;
}

async function eachOf(cases: readonly BenchCase[], measure: (benchCase: BenchCase) => Promise<void>): Promise<void> {
  for (const benchCase of cases) await tried(benchCase.name, () => measure(benchCase));
}

async function runBare(
  { bare, yardsticks }: Instruments,
  folder: string,
  benchCase: BenchCase,
  runMs: number,
): Promise<Partial<Record<BareLoop, BareResult>>> {
  const { modality, lengths } = benchCase;
  const loops = modality === 'text' ? (['session'] as const) : (['session', 'decoded'] as const);
  const found: Partial<Record<BareLoop, BareResult>> = {};
  const batch = comparableBatch(benchCase);
  for (const loop of loops) {
    const spins = spinsBest(yardsticks, { modality, loop, batch });
    found[loop] = await bare.run({ folder, loop, modality, lengths, batch, spins, runMs });
  }
  return found;
}

function said(figures: Figures): Figures {
  const { benchCase, itemsPerSecond, p50Ms, p99Ms, loadCores, server, bare } = figures;
  const loops = Object.entries(bare).map(([loop, { itemsPerSecond: rate }]) => `${loop} ${rate.toFixed(0)}`);
  const use = server
    ? [
        `cores: load ${loadCores.toFixed(2)}, parent ${server.parentCores.toFixed(2)}`,
        `${server.batchSize.toFixed(1)} a batch`,
      ]
    : [];
  const parts = [`${itemsPerSecond.toFixed(0)} items/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms`, ...loops, ...use];
  console.log(`${benchCase.name}: ${parts.join('; ')}`);
  return figures;
}
