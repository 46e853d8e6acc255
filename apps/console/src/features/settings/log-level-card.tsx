import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api, type Schemas } from '../../api/client.js';
import { formatInstant } from '../../format/format.js';
import { useSession } from '../../session/use-session.js';
import { Button } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { Loading } from '../../ui/loading.js';
import { Card } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Status } from '../../ui/status.js';
import { Ago } from '../../ui/time.js';
import { useToasts } from '../../ui/toasts.js';
import styles from './settings.module.css';

type Level = Schemas['LogLevelBody']['level'];
type View = Schemas['LogLevelView'];

const LEVELS: readonly { level: Level; words: string }[] = [
  { level: 'trace', words: 'trace: every step' },
  { level: 'debug', words: 'debug: what helps to find a fault' },
  { level: 'info', words: 'info: what happens' },
  { level: 'warn', words: 'warn: what may go wrong' },
  { level: 'error', words: 'error: what failed' },
  { level: 'silent', words: 'silent: nothing' },
];

const TIMES: readonly { seconds: number; words: string }[] = [
  { seconds: 900, words: '15 minutes' },
  { seconds: 3_600, words: '1 hour' },
  { seconds: 14_400, words: '4 hours' },
  { seconds: 86_400, words: '1 day' },
];

/** What all processes log, for a while; it goes back by itself. */
export function LogLevelCard(): ReactNode {
  const { may } = useSession();
  const now = useQuery({
    queryKey: ['log-level'],
    queryFn: ({ signal }) => answer(api.GET('/api/log-level', { signal })),
  });
  return (
    <Card title="Log level">
      {now.error && (
        <Problem what="The log level could not be read" error={now.error} onRetry={() => void now.refetch()} />
      )}
      {!now.data && !now.error && <Loading what="The log level loads" rows={1} />}
      {now.data && (
        <div className={styles['level']}>
          <InForce now={now.data} />
          {may('settings:write') && <ChangeLevel now={now.data} />}
        </div>
      )}
    </Card>
  );
}

function InForce({ now: { level, settings, untilMs } }: { readonly now: View }): ReactNode {
  if (untilMs === null) {
    return (
      <p>
        <Status tone="neutral">{level}</Status> as the settings say. More can be logged for a while, in all processes at
        once.
      </p>
    );
  }
  return (
    <p>
      <Status tone="note">{level}</Status> until {formatInstant(untilMs)}, then <code>{settings}</code> again (
      <Ago ms={untilMs} />
      ).
    </p>
  );
}

function ChangeLevel({ now }: { readonly now: View }): ReactNode {
  const [level, setLevel] = useState<Level>('debug');
  const [seconds, setSeconds] = useState(900);
  const queries = useQueryClient();
  const { say } = useToasts();
  const settle = (view: View) => {
    queries.setQueryData(['log-level'], view);
    void queries.invalidateQueries({ queryKey: ['settings'] });
  };
  const set = useMutation({
    mutationFn: (body: Schemas['LogLevelBody']) => answer(api.PUT('/api/log-level', { body })),
    onSuccess: settle,
  });
  const reset = useMutation({
    mutationFn: () => answer(api.DELETE('/api/log-level')),
    onSuccess: settle,
  });
  /** Puts back what was in force before. */
  const undo = (before: View) => () => {
    const left = before.untilMs === null ? 0 : Math.ceil((before.untilMs - Date.now()) / 1000);
    if (left > 0) set.mutate({ level: before.level, forSeconds: left });
    else reset.mutate();
  };
  const failure = set.error ?? reset.error;
  return (
    <>
      <FilterBar label="Log more or less for a while">
        <SelectField
          label="Level"
          value={level}
          onChange={({ target }) => setLevel(LEVELS.find((one) => one.level === target.value)?.level ?? 'debug')}
        >
          {LEVELS.map((one) => (
            <option key={one.level} value={one.level}>
              {one.words}
            </option>
          ))}
        </SelectField>
        <SelectField label="For" value={seconds} onChange={({ target }) => setSeconds(Number(target.value))}>
          {TIMES.map((one) => (
            <option key={one.seconds} value={one.seconds}>
              {one.words}
            </option>
          ))}
        </SelectField>
        <Button
          kind="primary"
          isBusy={set.isPending}
          onClick={() =>
            set.mutate(
              { level, forSeconds: seconds },
              { onSuccess: () => say(`Every process logs from ${level} on`, { undo: undo(now) }) },
            )
          }
        >
          Change the level
        </Button>
        {now.untilMs !== null && (
          <Button
            isBusy={reset.isPending}
            onClick={() =>
              reset.mutate(undefined, {
                onSuccess: () => say('Every process logs as its settings say', { undo: undo(now) }),
              })
            }
          >
            Back to {now.settings} now
          </Button>
        )}
      </FilterBar>
      {failure && (
        <div className={styles['failure']}>
          <Problem what="The log level was not changed" error={failure} />
        </div>
      )}
    </>
  );
}
