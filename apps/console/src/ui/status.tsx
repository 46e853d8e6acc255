import { CircleAlert, CircleCheck, CircleDashed, CircleX, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './status.module.css';
import { classNames } from './class-names.js';

export type Tone = 'good' | 'warning' | 'problem' | 'note' | 'neutral';

const SIGNS = { good: CircleCheck, warning: CircleAlert, problem: CircleX, note: Info, neutral: CircleDashed };

/** A state as a sign and a word, so that it is not told by colour alone. `title` says more. */
export function Status({
  tone,
  title,
  children,
}: {
  readonly tone: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}): ReactNode {
  const Sign = SIGNS[tone];
  return (
    <span className={classNames(styles['status'], styles[tone])} title={title}>
      <Sign size={14} aria-hidden />
      {children}
    </span>
  );
}
