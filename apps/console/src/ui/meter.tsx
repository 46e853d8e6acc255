import type { ReactNode } from 'react';
import { classNames } from './class-names.js';
import styles from './meter.module.css';

/** How much of a whole is used: a bar beside the words that say the same. */
export function Meter({
  share,
  isPlain = false,
  children,
}: {
  /** From 0 to 1. */
  readonly share: number;
  /** A share of something that may well be whole: no colour says that it is tight. */
  readonly isPlain?: boolean;
  /** The words: `90 of 100 items a day`. */
  readonly children: ReactNode;
}): ReactNode {
  const bounded = Math.max(0, Math.min(1, share));
  return (
    <span className={styles['meter']}>
      <span className={styles['words']}>{children}</span>
      <span className={styles['track']} aria-hidden>
        <span
          className={classNames(
            styles['fill'],
            !isPlain && bounded >= 0.8 && styles['tight'],
            !isPlain && bounded >= 1 && styles['full'],
          )}
          style={{ width: `${bounded * 100}%` }}
        />
      </span>
    </span>
  );
}
