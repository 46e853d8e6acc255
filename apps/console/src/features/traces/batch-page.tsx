import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatBytes, formatDuration, formatShare } from '../../format/format.js';
import { CopyButton } from '../../ui/copy.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Facts } from '../../ui/facts.js';
import { Loading } from '../../ui/loading.js';
import { Notice } from '../../ui/notice.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Status } from '../../ui/status.js';
import { Instant } from '../../ui/time.js';
import styles from './batch-page.module.css';
import { durationOf, type Batch, type TraceSummary } from './spans.js';
import { Outcome } from './outcome.js';
import { batchQuery, summariesQuery } from './use-traces.js';
import { whyBatch } from './why-batch.js';

const route = getRouteApi('/framed/batches/$id');

/** Most riders whose requests are looked up. */
const RIDERS_MAX = 50;

/** One attempt at a batch: why it left, what it held, where it ran, and who rode in it. */
export function BatchPage(): ReactNode {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(batchQuery(id));
  const batch = data?.batch;
  const traceIds = [...new Set(batch?.riders.map(({ traceId }) => traceId))].slice(0, RIDERS_MAX);
  const riders = useQuery({
    ...summariesQuery([{ key: 'trace', not: false, any: traceIds }], 500),
    enabled: traceIds.length > 0,
  });
  if (!batch) {
    return (
      <Page title="Batch">
        {error ? (
          <Problem what="This batch could not be found" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading what="the batch" rows={6} />
        )}
        <p>
          <Link to="/traces">Search all requests</Link>
        </p>
      </Page>
    );
  }
  const rows = batch.riders.map((rider) => ({
    ...rider,
    summary: riders.data?.find(({ traceId, requestId }) => traceId === rider.traceId && requestId === rider.requestId),
  }));
  const known = rows.flatMap(({ summary }) => summary ?? []);
  return (
    <Page title={`Batch on ${batch.replica}`}>
      <Notice tone="note" title="Why this batch">
        <p>{whyBatch(batch, known)}</p>
      </Notice>
      <BatchFacts batch={batch} />
      <Card title="What the replica did">
        <Phases batch={batch} />
      </Card>
      <Card title="Who rode in it">
        <DataTable label="Requests of the batch" columns={RIDER_COLUMNS} rows={rows} keyOf={keyOfRider} />
        {batch.others.requests > 0 && (
          <p className={styles['others']}>
            And {batch.others.requests} {batch.others.requests === 1 ? 'request' : 'requests'} of others, with{' '}
            {batch.others.items} {batch.others.items === 1 ? 'item' : 'items'}.
          </p>
        )}
      </Card>
    </Page>
  );
}

interface Rider {
  readonly requestId: string;
  readonly traceId: string;
  readonly items: number;
  /** Undefined where the request itself was not kept. */
  readonly summary: TraceSummary | undefined;
}

const keyOfRider = ({ traceId, requestId }: Rider) => `${traceId} ${requestId}`;

const RIDER_COLUMNS: readonly Column<Rider>[] = [
  {
    ...{ id: 'request', label: 'Request', width: 'minmax(9rem, 2fr)' },
    cell: ({ traceId, requestId, summary }) =>
      summary ? (
        <Link to="/traces/$id" params={{ id: traceId }} search={{ request: requestId }}>
          <code>{requestId}</code>
        </Link>
      ) : (
        <code title="Its own trace was not kept">{requestId}</code>
      ),
  },
  { id: 'items', label: 'Items', width: '5rem', isNumber: true, cell: ({ items }) => items },
  {
    ...{ id: 'waited', label: 'Waited', width: '6rem', isNumber: true },
    cell: ({ summary }) => (summary?.queueMs == null ? '–' : formatDuration(summary.queueMs)),
  },
  {
    ...{ id: 'took', label: 'Took', width: '6rem', isNumber: true, shown: 'wide' },
    cell: ({ summary }) => (summary ? formatDuration(summary.durationMs) : '–'),
  },
  {
    ...{ id: 'outcome', label: 'Outcome', width: '9rem', shown: 'wide' },
    cell: ({ summary }) => (summary ? <Outcome outcome={summary.outcome} /> : '–'),
  },
  {
    ...{ id: 'token', label: 'Token', width: 'minmax(6rem, 1fr)', shown: 'wide' },
    cell: ({ summary }) => summary?.tokenName ?? summary?.tokenId ?? '–',
  },
];

function BatchFacts({ batch }: { readonly batch: Batch }): ReactNode {
  const { items, itemsMax, tokensMax } = batch;
  return (
    <Facts
      facts={[
        [
          'Ended',
          batch.error === null ? <Status tone="good">ok</Status> : <Status tone="problem">{batch.error}</Status>,
        ],
        ['Took', formatDuration(batch.durationMs)],
        ['Left the queue', <Instant key="left" ms={batch.startedAtMs} />],
        ['Items', itemsMax === null ? String(items) : `${items} of ${itemsMax} (${formatShare(items / itemsMax)})`],
        ['Model', batch.model],
        ['Kind', batch.tower === 'visual' ? 'images' : 'texts'],
        ['Replica', batch.replica],
        ['Device', batch.device],
        ['Process', batch.pod],
        ['Bytes', formatBytes(batch.bytes)],
        ...(tokensMax === null ? [] : [['Longest text', `${tokensMax} tokens`] as const]),
        ['Attempt', batch.attempt === 1 ? 'the first' : `number ${batch.attempt}`],
        [
          'Batch',
          <span key="batch">
            <code>{batch.batchId}</code> <CopyButton text={batch.batchId} label="Copy the id of the batch" />
          </span>,
        ],
      ]}
    />
  );
}

/** Preparing and running, in proportion to the whole of the batch. */
function Phases({ batch }: { readonly batch: Batch }): ReactNode {
  const [whole, ...parts] = batch.spans;
  if (!whole || parts.length === 0) return <p>The attempt ended before the replica had told what it did.</p>;
  const totalMs = Math.max(durationOf(whole), 0.001);
  const WORDS: Readonly<Record<string, string>> = {
    prepare: batch.tower === 'visual' ? 'Decoding and resizing images' : 'Cutting texts into tokens',
    run: 'The model itself',
  };
  return (
    <ul className={styles['phases']}>
      {parts.map((part) => (
        <li key={part.spanId}>
          <span>{WORDS[part.name] ?? part.name}</span>
          <span className="number">{formatDuration(durationOf(part))}</span>
          <span className={styles['track']} aria-hidden>
            <span
              className={styles[part.name]}
              style={{
                '--at': `${Math.max(0, ((part.startMs - whole.startMs) / totalMs) * 100)}%`,
                '--long': `${Math.min(100, (durationOf(part) / totalMs) * 100)}%`,
              }}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
