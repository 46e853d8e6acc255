import type { Figures } from '../figures.js';
import { count, fixed, table } from '../markdown.js';
import type { Checklist, CheckRow } from './checklist.js';
import type { BareRate } from './rates.js';

/** All that was seen. */
export interface GpuFindings {
  readonly device: string;
  readonly model: string;
  readonly machine: readonly (readonly [string, string])[];
  readonly checklist: Pick<Checklist, 'rows' | 'markdown' | 'isPassed'>;
  readonly bare: readonly BareRate[];
  readonly loads: readonly Figures[];
}

/** A page for docs/. */
export function renderGpuReport({ device, model, machine, checklist, bare, loads }: GpuFindings): string {
  const sections = [
    `# ${model} on ${device}`,
    'Written by `npm run bench:gpu`.',
    '## Machine',
    table(['', ''], machine),
    '## Checks',
    checklist.markdown(),
    ...(bare.length > 0 ? ['## Without a service', BARE_INTRO, bareTable(bare)] : []),
    ...(loads.length > 0 ? ['## With the service', LOADS_INTRO, loadTable(loads)] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** One row a check and a figure. */
export function gpuJson({ device, model, machine, checklist, bare, loads }: GpuFindings): GpuJson {
  return {
    device,
    model,
    machine: Object.fromEntries(machine),
    checks: checklist.rows,
    rates: [
      ...bare.map(({ modality, loop, batch, result }) => ({
        case: `${model}/${modality}/bare ${loop}/${batch}`,
        itemsPerSecond: result.itemsPerSecond,
        p50Ms: result.p50Ms,
        p99Ms: null,
      })),
      ...loads.map(({ benchCase, itemsPerSecond, p50Ms, p99Ms }) => ({
        case: benchCase.name,
        ...{ itemsPerSecond, p50Ms, p99Ms },
      })),
    ],
  };
}

export interface GpuJson {
  readonly device: string;
  readonly model: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly checks: readonly CheckRow[];
  readonly rates: readonly {
    readonly case: string;
    readonly itemsPerSecond: number;
    readonly p50Ms: number;
    readonly p99Ms: number | null;
  }[];
}

const BARE_INTRO =
  'Items per second, one process. "session" is `session.run` on tensors made before, "in process" is `libs/clip`: tokenizing or ' +
  'decoding, then the run.';
const LOADS_INTRO =
  'One server with one replica and one process that plays all clients. "batch" is the average number of items in a run, "parent" ' +
  'and "load" how many cores the server\'s parent process and the clients kept busy.';

function bareTable(bare: readonly BareRate[]): string {
  const rows = bare.map(({ modality, loop, batch, result }) => [
    `${modality}, ${loop}`,
    String(batch),
    count(result.itemsPerSecond),
    fixed(result.p50Ms, 2),
  ]);
  return table(['', 'batch', 'items/s', 'p50 ms'], rows);
}

function loadTable(loads: readonly Figures[]): string {
  const rows = loads.map(({ benchCase, itemsPerSecond, p50Ms, p99Ms, server, loadCores }) => [
    benchCase.name,
    count(itemsPerSecond),
    fixed(p50Ms, 1),
    fixed(p99Ms, 1),
    fixed(server?.batchSize, 1),
    fixed(server?.parentCores, 2),
    fixed(loadCores, 2),
  ]);
  return table(['load', 'items/s', 'p50 ms', 'p99 ms', 'batch', 'parent', 'load cores'], rows);
}
