import { MODALITIES, PROTOCOLS, type Modality } from './cases.js';
import { nameOf } from './contents.js';
import { bareOf, pythonOf, ratioToBare, type Figures } from './figures.js';
import { count, fixed, percent, table } from './markdown.js';
import type { ModelFigures } from './measure.js';

/** The tables of all loads of a model: texts, images, 32 clients against one, the Python server's own. */
export function loadTables({ loads, python }: ModelFigures): string[] {
  return [
    ...MODALITIES.flatMap((modality) => section(loads, python, modality)),
    ...concurrency(loads),
    ...pythonLoads(python),
  ];
}

function section(loads: readonly Figures[], python: readonly Figures[], modality: Modality): string[] {
  const shown = loads.filter(({ benchCase }) => benchCase.modality === modality);
  if (shown.length === 0) return [];
  const isImage = modality === 'image';
  const hasPython = python.length > 0;
  const head = [
    ...['', 'clients × items', 'items/s', 'p50 ms', 'p99 ms', 'bare', 'of bare'],
    ...(isImage ? ['session only', 'of it'] : []),
    ...(hasPython ? ['Python server', '×'] : []),
    ...['batch', 'model runs', 'parent', 'load'],
  ];
  const rows = shown.map((one) => {
    const theirs = pythonOf(one, python);
    const times = theirs && one.itemsPerSecond / theirs.itemsPerSecond;
    return [
      ...[protocolOf(one), shapeOf(one), rateOf(one), fixed(one.p50Ms, 1), fixed(one.p99Ms, 1)],
      ...[count(bareOf(one)?.itemsPerSecond), fixed(ratioToBare(one), 2)],
      ...(isImage ? [count(one.bare.session?.itemsPerSecond), fixed(ratioToBare(one, 'session'), 2)] : []),
      ...(hasPython ? [count(theirs?.itemsPerSecond), fixed(times, 1)] : []),
      ...[fixed(one.server?.batchSize, 1), percent(one.server?.runShare)],
      ...[fixed(one.server?.parentCores, 2), fixed(one.loadCores, 2)],
    ];
  });
  return [`### ${capitalised(nameOf(modality))}`, table(head, rows)];
}

function concurrency(loads: readonly Figures[]): string[] {
  const rows = PROTOCOLS.flatMap((protocol) => {
    const with_ = (clients: number) =>
      loads.find(
        ({ benchCase: some }) =>
          some.modality === 'text' &&
          some.lengths === 'even' &&
          some.protocol === protocol &&
          some.clients === clients &&
          some.items === 1,
      );
    const [one, many] = [with_(1), with_(32)];
    if (!one || !many) return [];
    const factor = many.itemsPerSecond / one.itemsPerSecond;
    return [[protocol, count(one.itemsPerSecond), count(many.itemsPerSecond), fixed(factor, 1)]];
  });
  if (rows.length === 0) return [];
  return [
    '### 32 clients against one',
    'Texts per second with one text a request.',
    table(['', '1 client', '32 clients', '×'], rows),
  ];
}

function pythonLoads(python: readonly Figures[]): string[] {
  if (python.length === 0) return [];
  const rows = python.map((one) => [
    `${nameOf(one.benchCase.modality)}, ${one.benchCase.protocol}`,
    shapeOf(one),
    count(one.itemsPerSecond),
    fixed(one.p50Ms, 0),
    fixed(one.p99Ms, 0),
    fixed(one.loadCores, 2),
  ]);
  return [
    '### The Python server alone',
    'On the same files, from the same load generator, each load once.',
    table(['', 'clients × items', 'items/s', 'p50 ms', 'p99 ms', 'load'], rows),
  ];
}

function protocolOf({ benchCase: { protocol, lengths } }: Figures): string {
  return lengths === 'mixed' ? `${protocol}, mixed lengths` : protocol;
}

function shapeOf({ benchCase: { clients, items, inFlight } }: Figures): string {
  return `${clients} × ${items}${inFlight > 1 ? `, ${inFlight} at once` : ''}`;
}

/** With the lowest and the highest repeat where there were several. */
function rateOf({ itemsPerSecond, lowest, highest }: Figures): string {
  const range = lowest === highest ? '' : ` (${count(lowest)}–${count(highest)})`;
  return `${count(itemsPerSecond)}${range}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
