import type { ReactNode } from 'react';
import { formatCount, formatDate } from '../../format/format.js';
import type { Token } from './queries.js';
import styles from './tokens.module.css';

const HEIGHT = 24;
const WIDTH = 10;
const GAP = 3.5;

/** The last 7 days of a token as bars in its row: let in, and on top what was turned away. Words say the same. */
export function DayBars({ days }: { readonly days: Token['days'] }): ReactNode {
  const most = Math.max(1, ...days.map((day) => day.requests + turnedAway(day)));
  const scale = (count: number): number => (count === 0 ? 0 : Math.max(1.5, (count / most) * (HEIGHT - 2)));
  return (
    <svg className={styles['bars']} viewBox={`0 0 92 ${HEIGHT}`} role="img" aria-label={wordsOf(days)}>
      <title>{days.map(dayWords).join('\n')}</title>
      {days.map((day, at) => {
        const [let_, away] = [scale(day.requests), scale(turnedAway(day))];
        const x = at * (WIDTH + GAP);
        if (let_ + away === 0)
          return <rect key={day.startMs} className={styles['none']} x={x} y={HEIGHT - 1} width={WIDTH} height={1} />;
        return (
          <g key={day.startMs}>
            <rect className={styles['let']} x={x} y={HEIGHT - let_} width={WIDTH} height={let_} />
            <rect className={styles['away']} x={x} y={HEIGHT - let_ - away} width={WIDTH} height={away} />
          </g>
        );
      })}
    </svg>
  );
}

function turnedAway({ refused, denied }: Token['days'][number]): number {
  return refused + denied;
}

function wordsOf(days: Token['days']): string {
  const sum = (of: (day: Token['days'][number]) => number) => days.reduce((total, day) => total + of(day), 0);
  const away = sum(turnedAway);
  return `${formatCount(sum((day) => day.requests))} requests in 7 days${away === 0 ? '' : `, ${formatCount(away)} turned away`}`;
}

function dayWords(day: Token['days'][number]): string {
  const away = turnedAway(day);
  return `${formatDate(day.startMs)}: ${formatCount(day.requests)} requests, ${formatCount(day.items)} items${away === 0 ? '' : `, ${formatCount(away)} turned away`}`;
}
