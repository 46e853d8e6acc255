import type { ReactNode } from 'react';
import { classNames } from './class-names.js';
import styles from './fact-list.module.css';

/** What is known of one thing, a line each: pairs of `dt` and `dd`. `Facts` shows many of them beside each other. */
export function FactList({
  className,
  children,
}: {
  readonly className?: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  return <dl className={classNames(styles['list'], className)}>{children}</dl>;
}
