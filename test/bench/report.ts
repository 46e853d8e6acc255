import { BARE_BATCHES } from './cases.js';
import type { Figures } from './figures.js';
import type { BenchOptions } from './options.js';
import { count, fixed, megabytes, table } from './markdown.js';
import type { Memory, ModelFigures } from './measure.js';
import { loadTables } from './report-loads.js';
import { bulkSection, overloadSection } from './report-scenarios.js';
import { targetsOf } from './targets.js';

/** About the run as a whole. */
export interface BenchRun {
  readonly machine: readonly (readonly [string, string])[];
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly options: Pick<BenchOptions, 'quick' | 'only' | 'settings' | 'warmUpMs' | 'runMs' | 'repeats'>;
  readonly minutes: number;
}

/** `docs/benchmark.md`, whole. Notes that a person adds belong into `docs/benchmark-notes.md`, which stays. */
export function renderReport(run: BenchRun, models: readonly ModelFigures[]): string {
  const machine = run.machine.map(([label, value]) => [label, value]);
  return (
    [
      '# Benchmark',
      'Written by `npm run bench`; do not edit. What the figures mean and where the time goes: ' +
        '[benchmark-notes.md](benchmark-notes.md).',
      '## Machine',
      table(
        ['', ''],
        [...machine, loadRow(run), ['Mode', modeOf(run)], ['Duration', `${run.minutes.toFixed(0)} minutes`]],
      ),
      '## How',
      how(run),
      loadCost(models),
      ...models.flatMap(ofModel),
    ].join('\n\n') + '\n'
  );
}

function loadRow({ loadBefore, loadAfter }: BenchRun): string[] {
  return ['Load average', `${loadBefore.toFixed(2)} when it began, ${loadAfter.toFixed(2)} at its end`];
}

function modeOf({ options: { quick, only } }: BenchRun): string {
  const loads = only === '' ? '' : `, only loads named *${only}*`;
  return `${quick ? 'quick (--quick): short runs, the slowest loads left out' : 'whole'}${loads}`;
}

function how({ options: { settings, warmUpMs, runMs, repeats } }: BenchRun): string {
  const changed = Object.entries(settings).map(([name, value]) => `, \`${name}=${value}\``);
  return [
    `One server with its default settings, but with the cache of vectors off${changed.join('')}, and one process that plays ` +
      'all clients; both share the cores named above. Each client has a connection of its own and sends its next request ' +
      `when the last one is answered. Each load warms up for ${warmUpMs} ms and is measured for ${runMs} ms, ` +
      `${repeats === 1 ? 'once' : `${repeats} times`} (loads that a promise is made of twice as often, rounds of many ` +
      'seconds once). Items per second are the median of the repeats (lowest and highest in brackets), p50 and p99 are of ' +
      'all requests of all repeats.',
    '**bare** is a loop of `session.run` of onnxruntime-node with all cores, in a process of its own, waiting as was faster before (spinning or not), ' +
      'on the same files, at the batch that the load can fill (1, 8 or 32). It runs before each repeat of each load for half as ' +
      'long. With texts, its tensors are made before: the same texts, the same token length, those of mixed lengths sorted ' +
      'by it, as the service sorts them. With images, it decodes and scales the same JPEG files with sharp for every run; ' +
      '"session only" is without that.',
    'Where it was measured, the **Python server** ran alone afterwards, on the same files, called by the same load generator. ' +
      'Its gRPC is compared with our gRPC of either kind, its HTTP with ours, its WebSocket with ours.',
    '"batch" is the average number of items in a run, "model runs" the time in which replicas ran the model (several replicas ' +
      'add up), "parent" and "load" how many cores the server\'s parent process and the load generator kept busy; what they ' +
      'take, the model does not have. Texts are sentences of 9 words (11 tokens), those of mixed lengths have 4 to 14; images ' +
      'are JPEG files of 640 × 480.',
  ].join('\n\n');
}

/** What the clients cost, for who suspects that they are what was measured. */
function loadCost(models: readonly ModelFigures[]): string {
  const loads = models.flatMap((model) => [...model.loads, ...model.python]);
  const [busiest] = loads.toSorted((a, b) => b.loadCores - a.loadCores);
  const dearest = loads.toSorted((a, b) => costOf(b) - costOf(a))[0];
  if (!busiest || !dearest) return '';
  return (
    'The load generator sends requests that were encoded before, receives answers whole, looks for every vector in the ' +
    'first that each client gets, and holds the length of the others against it. It is one thread, so it would be the ' +
    'bottleneck at 1.00 cores: it took ' +
    `${fixed(busiest.loadCores, 2)} at most (${busiest.benchCase.name}). A request cost it ${fixed(costOf(dearest), 2)} ms ` +
    `of a core at most (${dearest.benchCase.name}).`
  );
}

/** Milliseconds of a core a request. */
function costOf({ loadCores, itemsPerSecond, benchCase }: Figures): number {
  return (loadCores * 1_000 * benchCase.items) / itemsPerSecond;
}

function ofModel(figures: ModelFigures): string[] {
  return [
    `## ${figures.model}`,
    ...targets(figures),
    ...bulkSection(figures.bulk),
    ...overloadSection(figures.overload),
    '### Memory',
    memory(figures),
    '### Without a service',
    yardsticks(figures),
    ...loadTables(figures),
  ];
}

function targets(figures: ModelFigures): string[] {
  const rows = targetsOf(figures).map(({ what, wanted, found, isMet }) => [what, wanted, found, isMet ? 'yes' : 'no']);
  return rows.length === 0 ? [] : ['### Promises', table(['', 'promised', 'found', 'kept'], rows)];
}

function memory({ memory: ours, pythonMemory }: ModelFigures): string {
  const row = (label: string, { startBytes, peakBytes }: Memory) => [
    label,
    megabytes(startBytes),
    megabytes(peakBytes),
  ];
  const rows = [row('our server', ours), ...(pythonMemory ? [row('the Python server', pythonMemory)] : [])];
  const intro = 'The resident memory of all processes of a server, what they share counted in each.';
  return `${intro}\n\n${table(['', 'ready', 'peak under these loads'], rows)}`;
}

function yardsticks({ yardsticks: all }: ModelFigures): string {
  const intro =
    'Items per second before the loads began. "session" is `session.run` on tensors made before, "decoded" decodes with sharp ' +
    'for each run, "in process" is `libs/clip`: tokenizing, or decoding as exactly as the service does it, then the run.';
  const kinds = [...new Map(all.map((one) => [`${one.modality}, ${one.loop}`, one])).entries()];
  const rows = kinds.map(([label, { modality, loop }]) => [
    label,
    ...BARE_BATCHES.map((batch) =>
      count(
        all.find((one) => one.modality === modality && one.loop === loop && one.batch === batch)?.result.itemsPerSecond,
      ),
    ),
  ]);
  return `${intro}\n\n${table(['batch', ...BARE_BATCHES.map(String)], rows)}`;
}
