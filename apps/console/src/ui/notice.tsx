import { CircleAlert, CircleCheck, CircleX, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './notice.module.css';
import { classNames } from './class-names.js';

const SIGNS = { good: CircleCheck, warning: CircleAlert, problem: CircleX, note: Info };

/** A banner: what is going on, and what to do about it. A problem is read out at once, all else when there is time. */
export function Notice({
  tone,
  title,
  actions,
  children,
}: {
  readonly tone: keyof typeof SIGNS;
  readonly title?: string;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  const Sign = SIGNS[tone];
  return (
    <div className={classNames(styles['notice'], styles[tone])} role={tone === 'problem' ? 'alert' : 'status'}>
      <Sign size={18} aria-hidden className={styles['sign']} />
      <div className={styles['text']}>
        {title !== undefined && <strong>{title}</strong>}
        {children !== undefined && <div>{children}</div>}
      </div>
      {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
    </div>
  );
}
