import { BARE_BATCHES, MODALITIES, PROTOCOLS, type Modality } from './cases.js';
import type { Figures, Yardsticks } from './figures.js';

export interface ReportParts {
  readonly machine: readonly (readonly [string, string])[];
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly warmUpMs: number;
  readonly runMs: number;
  readonly repeats: number;
  readonly bare: Yardsticks;
  readonly model: Yardsticks;
  readonly figures: readonly Figures[];
}

/** `docs/benchmark.md`, whole. Notes that a person adds belong into `docs/benchmark-notes.md`, which stays. */
export function renderReport(parts: ReportParts): string {
  return (
    [
      '# Benchmark',
      'Written by `npm run bench`; do not edit. What the figures mean and where the time goes: ' +
        '[benchmark-notes.md](benchmark-notes.md).',
      '## Machine',
      table(['', ''], [...parts.machine.map(([label, value]) => [label, value]), loadRow(parts)]),
      '## How',
      how(parts),
      '## The yardstick',
      yardsticks(parts),
      ...concurrency(parts.figures),
      ...MODALITIES.flatMap((modality) => loads(parts, modality)),
    ].join('\n\n') + '\n'
  );
}

function loadRow({ loadBefore, loadAfter }: ReportParts): string[] {
  return ['Load average', `${loadBefore.toFixed(2)} when it began, ${loadAfter.toFixed(2)} at its end`];
}

function how({ warmUpMs, runMs, repeats }: ReportParts): string {
  return (
    'One server with one replica on the embedded model, one process that plays all clients, and nothing else of ours; all ' +
    'of it shares the cores named above. Each client has a connection of its own and sends its next request when the ' +
    `last one is answered. Each load warms up for ${warmUpMs} ms and is measured for ${runMs} ms, ${repeats} ` +
    `${repeats === 1 ? 'time' : 'times'}. Items per second are the median of the repeats (lowest and highest in ` +
    'brackets), p50 and p99 are of all requests of all repeats. The load generator sends requests that were encoded ' +
    'before, receives answers whole, checks the first one vector by vector, and decodes the others no further.\n\n' +
    '"batch" is the average number of items in a run, "model runs" the share of the time in which the model ran, "parent" ' +
    'and "load" how many cores the server\'s parent process and the load generator kept busy; what they take, the model ' +
    'does not have.\n\n' +
    'Texts are sentences of 4 to 14 words, images are JPEG files of 640 × 480.'
  );
}

function yardsticks({ bare, model }: ReportParts): string {
  const intro =
    'In processes of their own in the same run, before and after the loads (mean of both), in items per second. "Bare" is ' +
    'a loop of `session.run` of onnxruntime-node on tensors that were made before. "In process" is `libs/clip` alone: ' +
    'tokenizing or decoding, then the run, one batch after the other.';
  const rows = MODALITIES.flatMap((modality) =>
    BARE_BATCHES.flatMap((batch) => {
      const key = `${modality}/${batch}`;
      return bare.has(key) ? [[modality, String(batch), count(bare.get(key)), count(model.get(key))]] : [];
    }),
  );
  return `${intro}\n\n${table(['', 'batch', 'bare', 'in process'], rows)}`;
}

function concurrency(figures: readonly Figures[]): string[] {
  const rows = PROTOCOLS.flatMap((protocol) => {
    const at = (clients: number) =>
      figures.find(
        ({ benchCase: { modality, protocol: other, clients: some, items } }) =>
          modality === 'text' && other === protocol && some === clients && items === 1,
      );
    const [one, many] = [at(1), at(32)];
    if (!one || !many) return [];
    const factor = many.itemsPerSecond / one.itemsPerSecond;
    return [[protocol, count(one.itemsPerSecond), count(many.itemsPerSecond), `${factor.toFixed(1)} ×`]];
  });
  if (rows.length === 0) return [];
  return [
    '## 32 clients against one',
    'Texts per second with one text a request, each client waiting for its answer before it sends the next request.',
    table(['', '1 client', '32 clients', 'factor'], rows),
  ];
}

function loads({ figures }: ReportParts, modality: Modality): string[] {
  const rows = figures
    .filter(({ benchCase }) => benchCase.modality === modality)
    .map((row) => [
      row.benchCase.protocol,
      String(row.benchCase.clients),
      String(row.benchCase.items),
      `${count(row.itemsPerSecond)} (${count(row.lowest)}–${count(row.highest)})`,
      row.p50Ms.toFixed(1),
      row.p99Ms.toFixed(1),
      count(row.bareItemsPerSecond ?? undefined),
      row.ratioToBare === null ? '' : row.ratioToBare.toFixed(2),
      row.server.batchSize.toFixed(1),
      `${Math.round(row.server.runShare * 100)} %`,
      row.server.parentCores.toFixed(2),
      row.loadCores.toFixed(2),
    ]);
  const head = [
    '',
    'clients',
    'items a request',
    'items/s',
    'p50 ms',
    'p99 ms',
    'bare items/s',
    'of bare',
    'batch',
    'model runs',
    'parent',
    'load',
  ];
  return rows.length === 0 ? [] : [`## ${modality === 'text' ? 'Texts' : 'Images'}`, table(head, rows)];
}

function count(value: number | undefined): string {
  return value === undefined ? '' : Math.round(value).toLocaleString('en-US');
}

/** The first column to the left, the others to the right; as wide as prettier makes it. */
function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => (row[column] ?? '').length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}
