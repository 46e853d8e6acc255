import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { formatCount, formatDuration } from '../../format/format.js';
import { LinkButton } from '../../ui/button.js';
import { Chart } from '../../ui/chart.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Notice } from '../../ui/notice.js';
import { Card } from '../../ui/page.js';
import styles from './limits.module.css';

type Waits = Schemas['WaitsView'];
type Wait = Schemas['TokenWaitView'];

/** Lines that can still be told apart. */
const LINES_MAX = 5;

/** Whose requests wait in the queues, and whose did in the last minutes: as words, over time, and token by token. */
export function WaitsCard({ waits }: { readonly waits: Waits }): ReactNode {
  const { minutes, tokens, silentPods } = waits;
  return (
    <Card title="Who waits">
      {silentPods.length > 0 && (
        <Notice
          tone="warning"
          title={`${silentPods.join(', ')} ${silentPods.length === 1 ? 'does' : 'do'} not answer.`}
          actions={<LinkButton to="/replicas">Open the replicas</LinkButton>}
        >
          <p>Who waits there is not known.</p>
        </Notice>
      )}
      {tokens.length === 0 ? (
        <EmptyState title="Nobody waited" action={<LinkButton to="/replicas">Look at each queue</LinkButton>}>
          Requests that find no free replica wait in a queue, each token in its turn. Whose have waited in the last 15
          minutes is then here.
        </EmptyState>
      ) : (
        <div className={styles['waits']}>
          <p className={styles['note']}>{waitingWords(tokens)}</p>
          <Chart
            label="Longest wait by the minute"
            timesMs={minutes}
            format={formatDuration}
            series={tokens.slice(0, LINES_MAX).map((wait) => ({ label: nameOf(wait), values: wait.byMinuteMs }))}
          />
          <DataTable
            label="Waiting times by token"
            columns={columns}
            rows={tokens}
            keyOf={({ tokenId }) => tokenId ?? 'others'}
          />
        </div>
      )}
    </Card>
  );
}

/** `3 requests wait now, the oldest, of “nightly”, for 4 s.` */
function waitingWords(tokens: readonly Wait[]): string {
  const looks = 'Pods look at their queues every two seconds, so shorter waits may be missed.';
  const requests = tokens.reduce((sum, wait) => sum + wait.requests, 0);
  const [oldest] = tokens.toSorted((a, b) => b.oldestAgeMs - a.oldestAgeMs);
  if (requests === 0 || oldest === undefined) return `Nobody waits at this moment. ${looks}`;
  const count = requests === 1 ? 'One request waits' : `${formatCount(requests)} requests wait`;
  return `${count} now, the oldest, of “${nameOf(oldest)}”, for ${formatDuration(oldest.oldestAgeMs)}. ${looks}`;
}

/** Those without a token, and what is done for the service itself, have an id that is a word. */
function nameOf({ tokenId, tokenName }: Wait): string {
  return tokenName ?? tokenId ?? 'Others, together';
}

const columns: readonly Column<Wait>[] = [
  {
    id: 'token',
    label: 'Token',
    width: 'minmax(9rem, 1.5fr)',
    cell: (wait) =>
      wait.tokenName === null ? (
        nameOf(wait)
      ) : (
        <a href={`/tokens/${encodeURIComponent(wait.tokenId ?? '')}`}>{wait.tokenName}</a>
      ),
  },
  {
    id: 'now',
    label: 'Waits now',
    width: 'minmax(9rem, 1fr)',
    cell: ({ items, requests, oldestAgeMs }) =>
      requests === 0 ? (
        <span className={styles['hint']}>nothing</span>
      ) : (
        `${formatCount(items)} ${items === 1 ? 'item' : 'items'}, the oldest ${formatDuration(oldestAgeMs)}`
      ),
  },
  {
    id: 'longest',
    label: 'Longest wait',
    width: 'minmax(8rem, 1fr)',
    cell: ({ longestMs }) => formatDuration(longestMs),
  },
];
