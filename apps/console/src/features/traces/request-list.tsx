import { ArrowUp } from 'lucide-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { formatCount } from '../../format/format.js';
import { Button, LinkButton } from '../../ui/button.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Loading } from '../../ui/loading.js';
import { Problem } from '../../ui/problem.js';
import styles from './request-list.module.css';
import { keyOfTrace, TRACE_COLUMNS } from './trace-columns.js';
import { useNewer, useTraceList, type Asked } from './use-traces.js';

interface RequestListProps {
  readonly asked: Asked;
  /** Whether the query can be understood. */
  readonly isUnderstood: boolean;
  /** Whether anything is filtered. */
  readonly isNarrowed: boolean;
  readonly openKey: string | undefined;
  readonly onOpen: (key: string) => void;
  readonly onClear: () => void;
}

/** The requests that were found, of any number; newer ones are announced and come when they are asked for. */
export function RequestList(props: RequestListProps): ReactNode {
  const { asked, isUnderstood, isNarrowed, openKey, onOpen, onClear } = props;
  const queries = useQueryClient();
  const { data, error, refetch, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useTraceList(
    asked,
    isUnderstood,
  );
  const rows = useMemo(() => data?.pages.flatMap(({ traces }) => traces) ?? [], [data]);
  const newer = useNewer(asked, isUnderstood ? rows[0]?.startedAtMs : undefined);
  if (error) return <Problem what="The requests could not be read" error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading what="requests" />;
  if (rows.length === 0) return isNarrowed ? <NothingFound onClear={onClear} /> : <NoRequests />;
  return (
    <div className={styles['list']}>
      {newer.data !== undefined && newer.data > 0 && (
        <Button
          className={styles['newer']}
          onClick={() => {
            void queries.resetQueries({ queryKey: ['traces', 'list'] });
            void queries.invalidateQueries({ queryKey: ['traces', 'facets'] });
          }}
        >
          <ArrowUp size={14} aria-hidden /> {formatCount(newer.data)} new
        </Button>
      )}
      <DataTable
        label="Requests"
        columns={TRACE_COLUMNS}
        rows={rows}
        keyOf={keyOfTrace}
        openKey={openKey}
        onOpen={(row) => onOpen(keyOfTrace(row))}
        onNearEnd={() => {
          if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
        }}
      />
    </div>
  );
}

function NothingFound({ onClear }: { readonly onClear: () => void }): ReactNode {
  return (
    <EmptyState title="No request is like this" action={<Button onClick={onClear}>Show all requests</Button>}>
      <p>None that was kept matches the query in this time. Take out a part of it, or look at a longer time.</p>
    </EmptyState>
  );
}

function NoRequests(): ReactNode {
  return (
    <EmptyState
      title="No requests yet"
      action={
        <LinkButton kind="primary" to="/playground">
          Make one in the playground
        </LinkButton>
      }
    >
      <p>
        Each request that failed, was slow or was sampled is here with its parts and batches, a moment after it has
        ended.
      </p>
    </EmptyState>
  );
}
