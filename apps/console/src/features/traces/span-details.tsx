import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatDuration } from '../../format/format.js';
import type { QueryTerm } from '../../query/language.js';
import { Status } from '../../ui/status.js';
import { ValueMenu } from '../../ui/value-menu.js';
import styles from './span-details.module.css';
import { durationOf, textOf, type Span } from './spans.js';

/** Attributes that requests are searched by, and the key of the query for each. */
const KEYS: Readonly<Record<string, string>> = {
  ...{ 'clip.model': 'model', 'clip.operation': 'operation', 'clip.outcome': 'outcome', 'clip.token': 'token' },
  ...{ 'clip.replica': 'replica', 'clip.device': 'device', 'clip.request_id': 'request' },
};

/** Narrows the search to requests with a value, or without it. */
export type OnFilter = (term: QueryTerm) => void;

/** All that is known of one part of a request. */
export function SpanDetails({ span, onFilter }: { readonly span: Span; readonly onFilter: OnFilter }): ReactNode {
  const batchId = textOf(span, 'clip.batch.id');
  const attributes = Object.entries(span.attributes).filter(([name]) => name !== 'clip.batch.id');
  return (
    <section className={styles['details']} aria-label={`About ${span.name}`}>
      <h3>
        {span.name} <span className={styles['took']}>{formatDuration(durationOf(span))}</span>{' '}
        {span.error !== null && <Status tone="problem">{span.error}</Status>}
      </h3>
      {batchId !== undefined && (
        <p>
          <Link to="/batches/$id" params={{ id: batchId }}>
            Open the batch it rode in
          </Link>
          , with those who rode along and why it left.
        </p>
      )}
      <dl className={styles['attributes']}>
        {attributes.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Value name={name} value={String(value)} onFilter={onFilter} />
            </dd>
          </div>
        ))}
      </dl>
      {attributes.length === 0 && <p className={styles['took']}>Nothing more is noted of it.</p>}
    </section>
  );
}

function Value({ name, value, onFilter }: { name: string; value: string; onFilter: OnFilter }): ReactNode {
  const key = KEYS[name];
  const filter = (not: boolean) => (key === undefined ? undefined : () => onFilter({ key, not, any: [value] }));
  return <ValueMenu name={name} value={value} onInclude={filter(false)} onExclude={filter(true)} />;
}
