import type { ReactNode } from 'react';
import styles from './progress.module.css';

/** How far something is; without `max` it is under way, and nobody knows how far. `text` says the same in words. */
export function Progress({
  label,
  value,
  max,
  text,
}: {
  /** What is under way, for screen readers. */
  readonly label: string;
  readonly value: number;
  readonly max: number | null;
  readonly text: ReactNode;
}): ReactNode {
  return (
    <div className={styles['progress']}>
      <progress aria-label={label} {...(max === null || max === 0 ? {} : { value: Math.min(value, max), max })} />
      <span className={styles['text']}>{text}</span>
    </div>
  );
}
