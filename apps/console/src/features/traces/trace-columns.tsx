import { formatDuration, formatShare } from '../../format/format.js';
import type { Column } from '../../ui/data-table.js';
import { Ago } from '../../ui/time.js';
import { Outcome } from './outcome.js';
import type { TraceSummary } from './spans.js';

/** The columns of a list of requests. */
export const TRACE_COLUMNS: readonly Column<TraceSummary>[] = [
  {
    id: 'began',
    label: 'Began',
    width: '7.5rem',
    phoneWidth: '5.5rem',
    cell: ({ startedAtMs }) => <Ago ms={startedAtMs} />,
  },
  {
    id: 'took',
    label: 'Took',
    width: '5.5rem',
    phoneWidth: '5rem',
    isNumber: true,
    cell: ({ durationMs }) => formatDuration(durationMs),
  },
  {
    id: 'outcome',
    label: 'Outcome',
    width: 'minmax(6.5rem, 9rem)',
    cell: ({ outcome }) => <Outcome outcome={outcome} />,
  },
  {
    id: 'operation',
    label: 'Operation',
    width: 'minmax(6rem, 1fr)',
    shown: 'wide',
    cell: ({ operation }) => operation,
  },
  { id: 'model', label: 'Model', width: 'minmax(6rem, 1.5fr)', shown: 'wide', cell: ({ model }) => model ?? '–' },
  { id: 'items', label: 'Items', width: '4.2rem', isNumber: true, shown: 'wide', cell: ({ items }) => items },
  {
    ...{ id: 'queue', label: 'Waited', width: '5.5rem', isNumber: true, shown: 'wide' },
    cell: ({ queueMs }) => (queueMs === null ? '–' : formatDuration(queueMs)),
  },
  {
    ...{ id: 'batch', label: 'Batch', width: '6.5rem', isNumber: true, shown: 'wide' },
    cell: ({ batchItems, batchItemsMax }) =>
      batchItems === null
        ? '–'
        : batchItemsMax === null
          ? `${batchItems}`
          : `${batchItems} (${formatShare(batchItems / batchItemsMax)})`,
  },
  {
    ...{ id: 'token', label: 'Token', width: 'minmax(5rem, 1fr)', shown: 'wide' },
    cell: ({ tokenId, tokenName }) => tokenName ?? tokenId,
  },
];

/** What no other row has. */
export function keyOfTrace({ traceId, spanId }: Pick<TraceSummary, 'traceId' | 'spanId'>): string {
  return `${traceId}-${spanId}`;
}
