import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { Loading } from '../../ui/loading.js';
import { Card } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Status } from '../../ui/status.js';
import { Ago } from '../../ui/time.js';
import { useToasts } from '../../ui/toasts.js';
import styles from './account.module.css';
import { browserOf } from './browser-of.js';

/** The browsers in which the person is logged in; each can be logged out from here. */
export function Sessions(): ReactNode {
  const queries = useQueryClient();
  const { say } = useToasts();
  const { data, error, refetch } = useQuery({
    queryKey: ['accounts', 'sessions'],
    queryFn: ({ signal }) => answer(api.GET('/api/session/others', { signal })),
  });
  const renew = () => queries.invalidateQueries({ queryKey: ['accounts'] });
  const endAll = useMutation({
    mutationFn: () => answer(api.DELETE('/api/session/others')),
    onSuccess: async () => {
      await renew();
      say('Every other session has ended');
    },
  });
  const others = data?.sessions.filter(({ current }) => !current) ?? [];
  const action = others.length > 0 && (
    <Button isBusy={endAll.isPending} onClick={() => endAll.mutate()}>
      End all others
    </Button>
  );
  return (
    <Card title="Where you are logged in" actions={action}>
      {error && <Problem what="Your sessions could not be read" error={error} onRetry={() => void refetch()} />}
      {endAll.error && <Problem what="They were not ended" error={endAll.error} />}
      {!data && !error && <Loading what="Your sessions" rows={2} />}
      <ul className={styles['sessions']}>
        {data?.sessions.map((session) => (
          <SessionRow key={session.id} session={session} onEnded={renew} />
        ))}
      </ul>
    </Card>
  );
}

function SessionRow({
  session,
  onEnded,
}: {
  readonly session: Schemas['SessionView'];
  readonly onEnded: () => Promise<unknown>;
}): ReactNode {
  const { id, current, from, userAgent, lastSeenAtMs } = session;
  const end = useMutation({
    mutationFn: () => answer(api.DELETE('/api/session/others/{id}', { params: { path: { id } } })),
    onSuccess: onEnded,
  });
  return (
    <li className={styles['session']}>
      <div>
        <strong title={userAgent}>{browserOf(userAgent)}</strong>
        <div className={styles['detail']}>
          from {from}, last seen <Ago ms={lastSeenAtMs} />
        </div>
        {end.error && <Problem what="It was not ended" error={end.error} />}
      </div>
      {current ? (
        <Status tone="good">This one</Status>
      ) : (
        <Button isBusy={end.isPending} onClick={() => end.mutate()} aria-label={`End the session from ${from}`}>
          End
        </Button>
      )}
    </li>
  );
}
