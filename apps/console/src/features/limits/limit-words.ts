import type { Schemas } from '../../api/client.js';
import { formatCount } from '../../format/format.js';

type Standing = Schemas['LimitStandingView'];

/** What each limit is called, and what it counts. */
export const LIMIT_WORDS: Readonly<Record<Standing['name'], { title: string; counts: string }>> = {
  requestsPerMinute: { title: 'Requests a minute', counts: 'requests this minute' },
  itemsPerDay: { title: 'Items a day', counts: 'items today (UTC)' },
  itemsInFlight: { title: 'Items at a time', counts: 'items at a time' },
};

/** `90 of 100 items today (UTC) taken, 10 left`. */
export function standingWords({ name, limit, taken, remaining }: Standing): string {
  return `${formatCount(taken)} of ${formatCount(limit)} ${LIMIT_WORDS[name].counts} taken, ${formatCount(remaining)} left`;
}
