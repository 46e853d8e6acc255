import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { formatShare, formatShort } from '../../format/format.js';
import { podsQuery, type Overview } from './overview-query.js';
import styles from './overview.module.css';

/** The way of a request through the service, with what is at each place now: port, queue, batcher, replicas. */
export function Topology({ figures: { points, stepMs } }: { readonly figures: Overview }): ReactNode {
  const { data } = useQuery(podsQuery);
  if (!data) return null;
  const pools = data.pods.filter(({ answers }) => answers).flatMap((pod) => pod.pools ?? []);
  const replicas = pools.flatMap((pool) => pool.replicas);
  const last = points.at(-1);
  const perSecond = last ? last.requests / (stepMs / 1000) : 0;
  const places = [
    {
      to: '/traces',
      name: 'Port',
      value: `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`,
      what: 'requests that ended',
    },
    {
      to: '/replicas',
      name: 'Queue',
      value: formatShort(pools.reduce((all, { queue }) => all + queue.items, 0)),
      what: 'items wait',
    },
    {
      to: '/replicas',
      name: 'Batcher',
      value: last?.batchFill == null ? '–' : formatShare(last.batchFill),
      what: 'fill of batches',
    },
    {
      to: '/replicas',
      name: 'Replicas',
      value: formatShort(replicas.reduce((all, { itemsInFlight }) => all + itemsInFlight, 0)),
      what: `items in hand of ${replicas.filter(({ state }) => state === 'ready').length} ready`,
    },
  ] as const;
  return (
    <nav aria-label="The way of a request" className={styles['way']}>
      {places.map(({ to, name, value, what }, at) => (
        <Fragment key={name}>
          {at > 0 && <ChevronRight size={18} aria-hidden className={styles['arrow']} />}
          <Link to={to} className={styles['place']}>
            <strong>{name}</strong>
            <span className={styles['now']}>{value}</span>
            <small>{what}</small>
          </Link>
        </Fragment>
      ))}
    </nav>
  );
}
