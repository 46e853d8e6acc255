import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './figure-tile.module.css';

/** One number with its name and what it is made of; the whole tile leads to its parts. */
export function FigureTile({
  label,
  value,
  detail,
  ...link
}: { readonly label: string; readonly value: ReactNode; readonly detail?: ReactNode } & LinkProps): ReactNode {
  return (
    <Link {...link} className={styles['tile']}>
      <span className={styles['label']}>{label}</span>
      <span className={styles['value']}>{value}</span>
      {detail !== undefined && <span className={styles['detail']}>{detail}</span>}
    </Link>
  );
}

/** Tiles beside each other, as many as there is room for. */
export function FigureTiles({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['tiles']}>{children}</div>;
}
