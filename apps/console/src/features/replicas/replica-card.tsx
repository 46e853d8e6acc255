import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { formatBytes, formatCount, formatDuration, formatInstant, formatTime } from '../../format/format.js';
import { useSession } from '../../session/use-session.js';
import { Button } from '../../ui/button.js';
import { Confirm } from '../../ui/dialog.js';
import { Facts } from '../../ui/facts.js';
import { Status } from '../../ui/status.js';
import { Ago } from '../../ui/time.js';
import { useToasts } from '../../ui/toasts.js';
import type { Pool, Replica } from './pods-query.js';
import styles from './replicas.module.css';
import { RunStrip } from './run-strip.js';
import { itemsOf, REPLICA_STATES, whyShort } from './words.js';

interface ReplicaCardProps {
  readonly pod: string;
  /** Whether the pod answers: only then it can be asked for something. */
  readonly isHeard: boolean;
  readonly pool: Pool;
  readonly replica: Replica;
  /** The level of its heading, under the one of what it stands in. */
  readonly heading?: 'h3' | 'h4';
}

/** One replica: its state and why, what it has in hand, what it did last, and what it printed. */
export function ReplicaCard({ pod, isHeard, pool, replica, heading: Heading = 'h4' }: ReplicaCardProps): ReactNode {
  const { may } = useSession();
  const { tone, word } = REPLICA_STATES[replica.state];
  const canChange = isHeard && may('models:write') && replica.state !== 'stopping' && replica.state !== 'stopped';
  return (
    <article className={styles['replica']} aria-label={`Replica ${replica.name}`}>
      <header className={styles['replicaHead']}>
        <Heading>{replica.name}</Heading>
        <Status tone={tone}>{word}</Status>
      </header>
      {replica.reason !== null && <p className={styles['reason']}>{replica.reason}</p>}
      <Facts
        facts={[
          ['Since', <Ago key="since" ms={replica.sinceMs} />],
          ['Device', <code key="device">{replica.device}</code>],
          ['Memory', <Memory key="memory" replica={replica} max={pool.rssBytesMax} />],
          ['Restarts', formatCount(replica.restarts)],
        ]}
      />
      <InHand replica={replica} />
      <RunStrip runs={replica.runs} replica={replica.name} />
      {replica.lines.length > 0 && (
        <details className={styles['lines']}>
          <summary>Last log lines</summary>
          <ol tabIndex={0} aria-label={`Log lines of ${replica.name}`}>
            {replica.lines.map((line, at) => (
              <li key={`${line.atMs}-${at}`}>
                <time title={formatInstant(line.atMs)}>{formatTime(line.atMs)}</time>{' '}
                <span className={line.level === 'info' ? undefined : styles['warn']}>
                  {line.level === 'info' ? '' : `${line.level}: `}
                  {line.text}
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
      {canChange && <Actions pod={pod} pool={pool} replica={replica} />}
    </article>
  );
}

function Memory({ replica: { rssBytes }, max }: { readonly replica: Replica; readonly max: number | null }): ReactNode {
  if (rssBytes === null) return 'not known';
  if (max === null) return formatBytes(rssBytes);
  return (
    <span className={styles['memory']}>
      {formatBytes(rssBytes)} of {formatBytes(max)}
      <meter value={rssBytes} max={max} aria-label="Memory, of the ceiling at which it is replaced" />
    </span>
  );
}

function InHand({ replica: { held } }: { readonly replica: Replica }): ReactNode {
  const [first, ...more] = held;
  if (!first) return <p className={styles['muted']}>Nothing in hand.</p>;
  return (
    <p>
      In hand: {itemsOf(first.tower, first.items)} of {first.itemsMax}, for {formatDuration(first.ageMs)} (
      {whyShort(first.reason).toLowerCase()}
      {first.attempt > 1 ? `, try ${first.attempt}` : ''}){more.length > 0 ? `, and ${more.length} more` : ''}.
    </p>
  );
}

function Actions({
  pod,
  pool,
  replica,
}: {
  readonly pod: string;
  readonly pool: Pool;
  readonly replica: Replica;
}): ReactNode {
  const [asked, setAsked] = useState<'drain' | 'restart'>();
  const queries = useQueryClient();
  const { say } = useToasts();
  const path = { id: pod, replica: replica.name };
  const refresh = () => queries.invalidateQueries({ queryKey: ['pods'] });
  const restore = async () => {
    await answer(api.POST('/api/pods/{id}/restore', { params: { path: { id: pod } } }));
    await refresh();
  };
  const restart = async () => {
    const { state } = await answer(api.POST('/api/pods/{id}/replicas/{replica}/restart', { params: { path } }));
    say(state === 'done' ? `${replica.name} was replaced` : `A replica is starting in place of ${replica.name}`);
    await refresh();
  };
  const drain = async () => {
    const { state } = await answer(api.POST('/api/pods/{id}/replicas/{replica}/drain', { params: { path } }));
    const title = state === 'done' ? `${replica.name} was drained` : `${replica.name} finishes what it holds`;
    say(title, {
      undo: () => void restore().catch((err: unknown) => say(`Not started again: ${String(err)}`)),
      undoLabel: 'Start again',
    });
    await refresh();
  };
  const others = pool.replicas.filter(({ name, state }) => name !== replica.name && state === 'ready').length;
  return (
    <footer className={styles['actions']}>
      <Button kind="quiet" onClick={() => setAsked('restart')}>
        Restart…
      </Button>
      <Button kind="quiet" onClick={() => setAsked('drain')}>
        Drain…
      </Button>
      <Confirm
        isOpen={asked === 'restart'}
        onClose={() => setAsked(undefined)}
        title={`Restart ${replica.name}?`}
        action="Restart"
        onConfirm={restart}
      >
        <p>
          A fresh replica takes its place on <code>{replica.device}</code> and is ready before this one goes. No request
          fails. Both need memory for a moment.
        </p>
      </Confirm>
      <Confirm
        isOpen={asked === 'drain'}
        onClose={() => setAsked(undefined)}
        title={`Drain ${replica.name}?`}
        action="Drain"
        isGrave
        onConfirm={drain}
      >
        <p>
          It gets no more batches, finishes what it holds and ends.{' '}
          {others === 0 ? KEPT : `${others} more of ${pool.model} ${others === 1 ? 'serves' : 'serve'} on ${pod}.`}
        </p>
        <p>It stays away until it is started again, or the models are changed.</p>
      </Confirm>
    </footer>
  );
}

const KEPT = 'It is the only one of its model that serves here, so the pod will refuse.';
