import { useQueries } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Notice } from '../../ui/notice.js';
import styles from './request-details.module.css';
import { SpanDetails, type OnFilter } from './span-details.js';
import { placeSpans } from './span-tree.js';
import type { Trace } from './spans.js';
import { batchQuery } from './use-traces.js';
import { Waterfall } from './waterfall.js';
import { whySlow } from './why-slow.js';

/** Batches of a request that are read with it. */
const BATCHES_MAX = 8;

interface RequestDetailsProps {
  readonly trace: Trace;
  readonly onFilter: OnFilter;
  /** The span that is open, and who is told of another one, where the address holds it. */
  readonly selectedId?: string | undefined;
  readonly onSelect?: (spanId: string) => void;
}

/** Why a request took as long as it did, its parts, and one of them in full. */
export function RequestDetails({ trace, onFilter, selectedId, onSelect }: RequestDetailsProps): ReactNode {
  const [ownId, setOwn] = useState<string>();
  const batches = useQueries({
    queries: trace.batchIds.slice(0, BATCHES_MAX).map((id) => ({ ...batchQuery(id), retry: false })),
    combine: (results) => results.flatMap(({ data }) => data?.batch ?? []),
  });
  const placed = placeSpans(trace.spans, batches);
  const longest = batches.toSorted((a, b) => b.durationMs - a.durationMs)[0];
  const cause = whySlow(trace, longest);
  const wanted = selectedId ?? ownId ?? cause?.spanIds[0];
  const open = placed.find(({ span }) => span.spanId === wanted) ?? placed[0];
  const select = (spanId: string) => {
    setOwn(spanId);
    onSelect?.(spanId);
  };
  return (
    <div className={styles['details']}>
      {cause && (
        <Notice tone="note" title="Where the time went">
          <p>{cause.sentence}</p>
        </Notice>
      )}
      <Waterfall placed={placed} spans={trace.spans} selectedId={open?.span.spanId} onSelect={select} />
      {open && <SpanDetails span={open.span} onFilter={onFilter} />}
    </div>
  );
}
