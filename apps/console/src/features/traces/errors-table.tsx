import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { formatCount } from '../../format/format.js';
import type { QueryTerm } from '../../query/language.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Loading } from '../../ui/loading.js';
import { Problem } from '../../ui/problem.js';
import { Ago } from '../../ui/time.js';
import { Outcome } from './outcome.js';
import { useErrors, type Asked } from './use-traces.js';

type Failure = Schemas['TraceErrorView'];

const COLUMNS: readonly Column<Failure>[] = [
  { id: 'outcome', label: 'Error', width: 'minmax(9rem, 1.5fr)', cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  {
    ...{ id: 'token', label: 'Token', width: 'minmax(6rem, 1fr)', shown: 'wide' },
    cell: ({ tokenName, tokenId }) => tokenName ?? tokenId,
  },
  { id: 'model', label: 'Model', width: 'minmax(6rem, 1fr)', shown: 'wide', cell: ({ model }) => model ?? '–' },
  { id: 'count', label: 'Requests', width: '6rem', isNumber: true, cell: ({ count }) => formatCount(count) },
  { id: 'first', label: 'First', width: '8.5rem', shown: 'wide', cell: ({ firstAtMs }) => <Ago ms={firstAtMs} /> },
  { id: 'last', label: 'Last', width: '8.5rem', cell: ({ lastAtMs }) => <Ago ms={lastAtMs} /> },
  {
    ...{ id: 'trace', label: 'Example', width: '8rem' },
    cell: ({ lastTraceId }) => (
      <Link to="/traces/$id" params={{ id: lastTraceId }}>
        Open the last
      </Link>
    ),
  },
];

/** Failures of the requests that were found; a row leads to its requests. */
export function ErrorsTable({
  asked,
  isUnderstood,
  onChange,
}: {
  readonly asked: Asked;
  readonly isUnderstood: boolean;
  readonly onChange: (terms: readonly QueryTerm[]) => void;
}): ReactNode {
  const { data, error, isPending, refetch } = useErrors(asked, isUnderstood);
  if (error) return <Problem what="The errors could not be read" error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading what="errors" />;
  if (data.errors.length === 0) {
    return (
      <EmptyState title="No request failed">
        <p>None of the requests that were found ended with an error.</p>
      </EmptyState>
    );
  }
  return (
    <DataTable
      label="Errors"
      columns={COLUMNS}
      rows={data.errors}
      keyOf={({ outcome, tokenId, model }) => JSON.stringify([outcome, tokenId, model])}
      onOpen={({ outcome, tokenId, tokenName, model }) =>
        onChange([
          ...asked.terms.filter(({ key }) => key !== 'outcome' && key !== 'token' && key !== 'model'),
          { key: 'outcome', not: false, any: [outcome] },
          { key: 'token', not: false, any: [tokenName ?? tokenId] },
          model === null ? { key: 'has', not: true, any: ['model'] } : { key: 'model', not: false, any: [model] },
        ])
      }
    />
  );
}
