import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatCount, formatDuration, formatShare } from '../../format/format.js';
import { useHold } from '../../live/use-live.js';
import { LinkButton } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { FigureTile, FigureTiles } from '../../ui/figure-tile.js';
import { Loading } from '../../ui/loading.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Ago } from '../../ui/time.js';
import { podsQuery, poolsOf, type PastRun, type Pod, type Pool } from './pods-query.js';
import { ReplicaCard } from './replica-card.js';
import styles from './replicas.module.css';
import { itemsOf, whyItLeft, whyShort } from './words.js';
import { PlainTable } from '../../ui/plain-table.js';

const DECISIONS_SHOWN = 25;
const AGES = ['under 10 ms', '10 to 100 ms', '100 ms to 1 s', '1 to 10 s', '10 s and more'];

/** One model in all pods: what waits by token and age, and why its last batches left the queue when they did. */
export function PoolPage(): ReactNode {
  const { model } = useParams({ strict: false });
  const name = model ?? '';
  const { data, error, refetch } = useQuery(podsQuery);
  const found = poolsOf(data?.pods ?? [], name);
  return (
    <Page
      title={name}
      lead="Its queue, its last batches and its replicas, in all pods together."
      actions={<LinkButton to="/replicas">All replicas</LinkButton>}
    >
      {error && <Problem what="The pods could not be read" error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading what="Reading the pods" />}
      {data && found.length === 0 && (
        <EmptyState title="No pod serves this model" action={<LinkButton to="/models">Open the models</LinkButton>}>
          A model that is served has a queue and replicas, which are shown here.
        </EmptyState>
      )}
      {found.length > 0 && <Pools found={found} />}
    </Page>
  );
}

type Found = readonly { readonly pod: Pod; readonly pool: Pool }[];

function Pools({ found }: { readonly found: Found }): ReactNode {
  const hold = useHold();
  const sum = (of: (pool: Pool) => number): number => found.reduce((all, { pool }) => all + of(pool), 0);
  const oldestMs = Math.max(...found.map(({ pool }) => pool.queue.oldestAgeMs));
  const ready = sum(({ replicas }) => replicas.filter(({ state }) => state === 'ready').length);
  return (
    <>
      <FigureTiles>
        <FigureTile
          to="."
          hash="queue"
          label="Items that wait"
          value={formatCount(sum(({ queue }) => queue.items))}
          detail={`${formatCount(sum(({ queue }) => queue.requests))} requests`}
        />
        <FigureTile
          to="."
          hash="queue"
          label="Oldest item"
          value={oldestMs === 0 ? '–' : formatDuration(oldestMs)}
          detail="waits since then"
        />
        <FigureTile
          to="."
          hash="replicas"
          label="Replicas ready"
          value={`${ready} of ${sum(({ replicas }) => replicas.length)}`}
          detail={`in ${found.length} ${found.length === 1 ? 'pod' : 'pods'}`}
        />
        <FigureTile to="." hash="decisions" label="Batch fill" value={fillOf(found)} detail="of the last batches" />
      </FigureTiles>
      <div id="queue">
        <Card title="Queue">
          <Queue found={found} />
        </Card>
      </div>
      <div id="decisions" {...hold}>
        <Card title="Why its last batches left">
          <Decisions found={found} />
        </Card>
      </div>
      <div id="replicas">
        <Card title="Replicas">
          <div className={styles['replicas']}>
            {found.flatMap(({ pod, pool }) =>
              pool.replicas.map((replica) => (
                <ReplicaCard
                  key={`${pod.name} ${replica.name}`}
                  pod={pod.name}
                  isHeard={pod.answers}
                  pool={pool}
                  replica={replica}
                  heading="h3"
                />
              )),
            )}
          </div>
        </Card>
      </div>
    </>
  );
}

function runsOf(found: Found): { run: PastRun; pod: string; replica: string; device: string }[] {
  const runs = found.flatMap(({ pod, pool }) =>
    pool.replicas.flatMap(({ name, device, runs }) =>
      runs.map((run) => ({ run, pod: pod.name, replica: name, device })),
    ),
  );
  return runs.sort((a, b) => b.run.atMs - a.run.atMs).slice(0, DECISIONS_SHOWN);
}

function fillOf(found: Found): string {
  const runs = runsOf(found).filter(({ run }) => run.itemsMax !== null);
  const [items, itemsMax] = runs.reduce(([a, b], { run }) => [a + run.items, b + (run.itemsMax ?? 0)], [0, 0]);
  return itemsMax === 0 ? '–' : formatShare(items / itemsMax);
}

function Queue({ found }: { readonly found: Found }): ReactNode {
  const rows = found.flatMap(({ pod, pool }) => pool.queue.byToken.map((waiting) => ({ pod: pod.name, waiting })));
  if (rows.length === 0)
    return <p className={styles['muted']}>Nothing waits. Batches leave as soon as a replica has room.</p>;
  const ages = AGES.map((label, at) => ({
    label,
    items: found.reduce((all, { pool }) => all + (pool.queue.ages[at] ?? 0), 0),
  }));
  const most = Math.max(1, ...ages.map(({ items }) => items));
  return (
    <div className={styles['queue']}>
      <PlainTable label="What waits, by token" className={styles['wide']}>
        <thead>
          <tr>
            <th scope="col">Token</th>
            <th scope="col">Pod</th>
            <th scope="col">Items</th>
            <th scope="col">Requests</th>
            <th scope="col">Oldest</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ pod, waiting }) => (
            <tr key={`${pod} ${waiting.tokenId ?? 'others'}`}>
              <th scope="row">{waiting.tokenName ?? waiting.tokenId ?? 'Others, together'}</th>
              <td>{pod}</td>
              <td>{formatCount(waiting.items)}</td>
              <td>{formatCount(waiting.requests)}</td>
              <td>{formatDuration(waiting.oldestAgeMs)}</td>
            </tr>
          ))}
        </tbody>
      </PlainTable>
      <dl className={styles['ages']} aria-label="What waits, by age">
        {ages.map(({ label, items }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <span className={styles['age']} style={{ width: `${(items / most) * 100}%` }} />
              {formatCount(items)}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Decisions({ found }: { readonly found: Found }): ReactNode {
  const runs = runsOf(found);
  if (runs.length === 0)
    return (
      <p className={styles['muted']}>No batch since the replicas started. Send a request, and it shows up here.</p>
    );
  return (
    <PlainTable label="Last batches" className={styles['wide']}>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Batch</th>
          <th scope="col">Fill</th>
          <th scope="col">Why it left</th>
          <th scope="col">Waited</th>
          <th scope="col">Took</th>
          <th scope="col">Replica</th>
          <th scope="col">Who rode along</th>
        </tr>
      </thead>
      <tbody>
        {runs.map(({ run, pod, replica, device }, at) => (
          <tr key={`${run.atMs}-${replica}-${at}`}>
            <td>
              <Ago ms={run.atMs} />
            </td>
            <th scope="row">{itemsOf(run.tower, run.items)}</th>
            <td>{run.itemsMax === null ? '–' : `${formatShare(run.items / run.itemsMax)} of ${run.itemsMax}`}</td>
            <td title={whyItLeft(run.reason)}>{whyShort(run.reason)}</td>
            <td>{run.queueMs === null ? '–' : formatDuration(run.queueMs)}</td>
            <td>{run.prepareMs === null || run.runMs === null ? '–' : formatDuration(run.prepareMs + run.runMs)}</td>
            <td title={pod}>
              {replica} on {device}
            </td>
            <td>
              {run.batchId === null ? (
                <span title="None of its requests was kept as a trace.">not kept</span>
              ) : (
                <Link to="/batches/$id" params={{ id: run.batchId }}>
                  Open the batch
                </Link>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </PlainTable>
  );
}
