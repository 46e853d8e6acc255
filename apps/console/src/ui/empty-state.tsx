import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

/** A place where nothing is yet: what would be here, and the one next step (a button, or a command to run). */
export function EmptyState({
  title,
  children,
  action,
}: {
  readonly title: string;
  /** One or two sentences. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}): ReactNode {
  return (
    <div className={styles['empty']}>
      <h2>{title}</h2>
      <div className={styles['text']}>{children}</div>
      {action}
    </div>
  );
}
