import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatDuration } from '../../format/format.js';
import type { CallNotes } from './calls.js';
import styles from './playground.module.css';

/** Where the time of a call went, and the way to its trace. */
export function LatencyStrip({
  notes: { parts, totalMs, requestId },
  isLoading = false,
}: {
  readonly notes: CallNotes;
  readonly isLoading?: boolean;
}): ReactNode {
  const told = parts.reduce((sum, { ms }) => sum + ms, 0);
  return (
    <div className={styles['strip']}>
      <div className={styles['stripBar']} aria-hidden>
        {parts.map(({ name, ms }) => (
          <span key={name} data-part={name} style={{ flexGrow: Math.max(ms, 0.001) }} />
        ))}
        <span data-part="rest" style={{ flexGrow: Math.max(totalMs - told, 0.001) }} />
      </div>
      <p>
        {isLoading ? 'Asking… ' : 'Last call: '}
        {parts.map(({ name, ms }) => `${name} ${formatDuration(ms)}`).join(', ')}
        {parts.length > 0 && ', '}
        {formatDuration(totalMs)} in all.{' '}
        {requestId !== undefined && (
          <Link to="/traces/$id" params={{ id: requestId }}>
            Open its trace
          </Link>
        )}
      </p>
    </div>
  );
}
