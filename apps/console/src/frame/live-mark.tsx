import type { ReactNode } from 'react';
import { useLiveState } from '../live/use-live.js';
import styles from './live-mark.module.css';

const WORDS = {
  live: 'Live',
  polling: 'Every 5 s',
  held: 'Held',
};

const TITLES = {
  live: 'What is shown follows the service by itself.',
  polling: 'No events come from the server, so everything is read anew every five seconds.',
  held: 'The pointer is on something that would move: changes wait until it leaves.',
};

/** Whether what is shown is up to date, at the top of every page. */
export function LiveMark(): ReactNode {
  const { state, waitingCount } = useLiveState();
  const waiting = state === 'held' && waitingCount > 0 ? ` · ${waitingCount} new` : '';
  return (
    <span className={styles['mark']} data-state={state} title={TITLES[state]}>
      <span className={styles['dot']} aria-hidden />
      <span className={styles['word']}>{WORDS[state] + waiting}</span>
    </span>
  );
}
