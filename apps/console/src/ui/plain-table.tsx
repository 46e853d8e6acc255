import type { ReactNode } from 'react';
import { classNames } from './class-names.js';
import styles from './plain-table.module.css';

/**
 * A short table of `thead` and `tbody`, for figures that are read beside each other. What does not fit scrolls inside
 * of it, also by the keyboard. Long lists are `DataTable`s.
 */
export function PlainTable({
  label,
  className,
  children,
}: {
  /** What it shows, for screen readers. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label={label}>
      <table className={classNames(styles['table'], className)}>{children}</table>
    </div>
  );
}
