import type { ReactNode } from 'react';
import styles from './table-twin.module.css';

/** Shows a picture as a table, and back; stands at the head of everything that is drawn. */
export function TableTwin({
  isTable,
  onChange,
}: {
  readonly isTable: boolean;
  readonly onChange: (isTable: boolean) => void;
}): ReactNode {
  return (
    <button type="button" className={styles['twin']} aria-pressed={isTable} onClick={() => onChange(!isTable)}>
      As a table
    </button>
  );
}
