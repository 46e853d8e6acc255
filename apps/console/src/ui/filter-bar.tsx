import type { ReactNode } from 'react';
import styles from './filter-bar.module.css';

/** Small controls beside each other, which narrow down what is shown below. */
export function FilterBar({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div role="group" aria-label={label} className={styles['bar']}>
      {children}
    </div>
  );
}
