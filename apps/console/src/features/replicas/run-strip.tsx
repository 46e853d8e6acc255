import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatDuration } from '../../format/format.js';
import { classNames } from '../../ui/class-names.js';
import type { PastRun } from './pods-query.js';
import styles from './replicas.module.css';
import { itemsOf, whyShort } from './words.js';

/** The last batches of a replica, the newest at the right: each bar is as high as the batch was full. */
export function RunStrip({
  runs,
  replica,
}: {
  readonly runs: readonly PastRun[];
  readonly replica: string;
}): ReactNode {
  if (runs.length === 0) return <p className={styles['muted']}>No batch yet.</p>;
  return (
    <ol className={styles['strip']} aria-label={`Last batches of ${replica}, the oldest first`}>
      {runs.toReversed().map((run, at) => (
        <li key={`${run.atMs}-${at}`}>
          <Run run={run} />
        </li>
      ))}
    </ol>
  );
}

function Run({ run }: { readonly run: PastRun }): ReactNode {
  const fill = run.itemsMax === null ? 1 : run.items / run.itemsMax;
  const text = textOf(run);
  const bar = <span className={styles['bar']} style={{ height: `${Math.max(12, Math.round(fill * 100))}%` }} />;
  const look = classNames(styles['run'], run.isLost || run.failed > 0 ? styles['lost'] : undefined);
  if (run.batchId === null) {
    return (
      <span className={look} title={`${text}. Its trace is not kept.`} role="img" aria-label={text}>
        {bar}
      </span>
    );
  }
  return (
    <Link
      to="/batches/$id"
      params={{ id: run.batchId }}
      className={classNames(look, styles['kept'])}
      title={text}
      aria-label={text}
    >
      {bar}
    </Link>
  );
}

function textOf({ tower, items, itemsMax, isLost, failed, prepareMs, runMs, reason }: PastRun): string {
  const share = itemsMax === null ? '' : ` of ${itemsMax}`;
  const time = prepareMs === null || runMs === null ? '' : `, ${formatDuration(prepareMs + runMs)}`;
  const end = isLost ? ', lost' : failed > 0 ? `, ${failed} failed` : '';
  return `${itemsOf(tower, items)}${share}${time}, ${whyShort(reason).toLowerCase()}${end}`;
}
