import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { formatDuration } from '../../format/format.js';
import { replace } from '../../query/change.js';
import type { QueryTerm } from '../../query/language.js';
import { LinkButton } from '../../ui/button.js';
import { DockedPanel } from '../../ui/docked-panel.js';
import { Loading } from '../../ui/loading.js';
import { Problem } from '../../ui/problem.js';
import { Instant } from '../../ui/time.js';
import { Outcome } from './outcome.js';
import styles from './peek.module.css';
import { RequestDetails } from './request-details.js';
import { keyOfTrace } from './trace-columns.js';
import { traceQuery } from './use-traces.js';

interface PeekProps {
  /** As `keyOfTrace` makes it. */
  readonly traceKey: string;
  readonly terms: readonly QueryTerm[];
  readonly onTerms: (terms: readonly QueryTerm[]) => void;
  readonly onClose: () => void;
}

/** A request of the list beside it. */
export function Peek({ traceKey, terms, onTerms, onClose }: PeekProps): ReactNode {
  const [traceId = ''] = traceKey.split('-');
  const { data, error, refetch } = useQuery(traceQuery(traceId));
  const trace = data?.traces.find((one) => keyOfTrace(one) === traceKey) ?? data?.traces[0];
  return (
    <DockedPanel
      label="The request"
      title={trace?.spans[0]?.name ?? 'Request'}
      onClose={onClose}
      actions={
        <LinkButton to="/traces/$id" params={{ id: traceId }} search={trace ? { request: trace.requestId } : {}}>
          Open
        </LinkButton>
      }
    >
      {error && <Problem what="The request could not be read" error={error} onRetry={() => void refetch()} />}
      {!trace && !error && <Loading what="the request" />}
      {trace && (
        <>
          <p className={styles['facts']}>
            <Outcome outcome={trace.outcome} />
            <strong>{formatDuration(trace.durationMs)}</strong>
            <Instant ms={trace.startedAtMs} />
          </p>
          <RequestDetails key={traceKey} trace={trace} onFilter={(term) => onTerms(replace(terms, term))} />
        </>
      )}
    </DockedPanel>
  );
}
