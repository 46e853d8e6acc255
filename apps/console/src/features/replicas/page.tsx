import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatBytes, formatCount, formatDuration } from '../../format/format.js';
import { useHold } from '../../live/use-live.js';
import { CopyButton } from '../../ui/copy.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Facts } from '../../ui/facts.js';
import { Loading } from '../../ui/loading.js';
import { Notice } from '../../ui/notice.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Status } from '../../ui/status.js';
import { Ago } from '../../ui/time.js';
import { podsQuery, servingPods, type Pod, type Pool } from './pods-query.js';
import { ReplicaCard } from './replica-card.js';
import styles from './replicas.module.css';
import { podState } from './words.js';

/** Replicas and queues of all pods. */
export function ReplicasPage(): ReactNode {
  const { data, error, refetch } = useQuery(podsQuery);
  const pods = data?.pods ?? [];
  return (
    <Page title="Replicas" lead={data ? summaryOf(pods) : 'What every process of the service does at the moment.'}>
      {error && <Problem what="The pods could not be read" error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading what="Reading the pods" />}
      {data && servingPods(pods).length === 0 && <NoPods />}
      {pods.map((pod) => (
        <PodCard key={pod.name} pod={pod} />
      ))}
    </Page>
  );
}

function summaryOf(pods: readonly Pod[]): string {
  const serving = servingPods(pods);
  const replicas = serving
    .filter(({ answers }) => answers)
    .flatMap(({ pools }) => (pools ?? []).flatMap((pool) => pool.replicas));
  const ready = replicas.filter(({ state }) => state === 'ready').length;
  const silent = pods.filter(({ answers }) => !answers).length;
  const parts = [
    `${serving.length} ${serving.length === 1 ? 'pod serves' : 'pods serve'} models`,
    `${ready} of ${replicas.length} replicas are ready`,
    ...(silent === 0 ? [] : [`${silent} ${silent === 1 ? 'pod does' : 'pods do'} not answer`]),
  ];
  return `${parts.join(', ')}.`;
}

function NoPods(): ReactNode {
  const command = 'npm start';
  return (
    <EmptyState
      title="No pod serves models"
      action={
        <p>
          <code>{command}</code> <CopyButton text={command} label="Copy the command" />
        </p>
      }
    >
      Replicas, their queues and what they did last are shown here for every process that serves on this database. Start
      one with the same <code>CAS_DATABASE_URL</code>.
    </EmptyState>
  );
}

function PodCard({ pod }: { readonly pod: Pod }): ReactNode {
  const { tone, word } = podState(pod);
  const hold = useHold();
  const { process } = pod;
  return (
    <Card title={pod.name} actions={<Status tone={tone}>{word}</Status>}>
      <div className={styles['pod']} {...hold}>
        {!pod.answers && (
          <Notice tone="warning" title="What follows is what it told last.">
            <p>{pod.reason}</p>
          </Notice>
        )}
        {process !== null && process.reason !== null && <p className={styles['reason']}>{process.reason}</p>}
        <Facts
          facts={[
            ['Does', pod.roles.map((role) => (role === 'inference' ? 'serves models' : 'admin API')).join(', ')],
            ['Version', pod.version],
            ['Started', <Ago key="started" ms={pod.startedAtMs} />],
            ['Memory', process === null ? 'not told' : formatBytes(process.rssBytes)],
            [
              'Event loop',
              process?.eventLoopDelayMsMax == null
                ? 'not told'
                : `${formatDuration(process.eventLoopDelayMsMax)} late at worst`,
            ],
            ...devicesOf(pod),
          ]}
        />
        {pod.pools?.map((pool) => (
          <PoolPart key={`${pool.model}-${String(pool.isLeaving)}`} pod={pod} pool={pool} />
        ))}
        {pod.leftOut.length > 0 && (
          <p className={styles['muted']}>Too large for its report: {pod.leftOut.join(', ')}.</p>
        )}
      </div>
    </Card>
  );
}

function devicesOf({ devices }: Pod): (readonly [string, ReactNode])[] {
  if (devices === null) return [];
  const { cpu, cards } = devices;
  return [
    ['CPU', `${cpu.cores} cores, ${formatBytes(cpu.memoryFreeBytes)} of ${formatBytes(cpu.memoryTotalBytes)} free`],
    ...cards.map(
      (card, at) =>
        [
          card.device ?? `card ${at}`,
          `${card.name ?? 'unknown'}, ${card.memoryFreeBytes === null ? 'memory not known' : `${formatBytes(card.memoryFreeBytes)} free`}`,
        ] as const,
    ),
  ];
}

function PoolPart({ pod, pool }: { readonly pod: Pod; readonly pool: Pool }): ReactNode {
  const { queue } = pool;
  const waiting =
    queue.items === 0
      ? 'Nothing waits.'
      : `${formatCount(queue.items)} items of ${formatCount(queue.requests)} requests wait, the oldest for ${formatDuration(queue.oldestAgeMs)}.`;
  return (
    <section className={styles['pool']} aria-label={`${pool.model} on ${pod.name}`}>
      <header>
        <h3>
          <Link to="/replicas/$model" params={{ model: pool.model }}>
            {pool.model}
          </Link>
        </h3>
        {pool.isDefault && <Status tone="note">Default model</Status>}
        {pool.isLeaving && <Status tone="neutral">Leaving</Status>}
      </header>
      <p className={styles['muted']}>{waiting}</p>
      {pool.replicas.length === 0 && <p>No replica: all were drained, or none could be placed.</p>}
      <div className={styles['replicas']}>
        {pool.replicas.map((replica) => (
          <ReplicaCard key={replica.name} pod={pod.name} isHeard={pod.answers} pool={pool} replica={replica} />
        ))}
      </div>
    </section>
  );
}
