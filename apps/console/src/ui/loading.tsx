import type { ReactNode } from 'react';
import styles from './loading.module.css';

/** Stands where something loads; appears only when that takes a moment, and keeps the height of `rows` lines. */
export function Loading({ what, rows = 4 }: { readonly what: string; readonly rows?: number }): ReactNode {
  return (
    <div role="status" className={styles['loading']}>
      <span className="unseen">{what}</span>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className={styles['line']} />
      ))}
    </div>
  );
}
