import type { ReactNode } from 'react';
import { useLiveState } from '../live/use-live.js';
import { Notice } from '../ui/notice.js';
import styles from './live-mark.module.css';

const WORDS = {
  live: 'Live',
  polling: 'Every 5 s',
  held: 'Held',
  away: 'No answer',
};

const TITLES = {
  live: 'What is shown follows the service by itself.',
  polling: 'No events come from the server, so everything is read anew every five seconds.',
  held: 'The pointer is on something that would move: changes wait until it leaves.',
  away: 'The server does not answer. This page tries again every five seconds.',
};

/** Says over every page that the server is away; what was read before stays, and so does what was typed. */
export function AwayNotice(): ReactNode {
  const { state } = useLiveState();
  if (state !== 'away') return null;
  return (
    <div className={styles['away']}>
      <Notice tone="warning" title="The server does not answer.">
        What you see may be old. Nothing that you typed is lost; this page goes on by itself when the server is back.
      </Notice>
    </div>
  );
}

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
