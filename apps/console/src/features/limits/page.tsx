import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../../api/client.js';
import { formatCount } from '../../format/format.js';
import { useSession } from '../../session/use-session.js';
import { LinkButton } from '../../ui/button.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Loading } from '../../ui/loading.js';
import { Meter } from '../../ui/meter.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Status } from '../../ui/status.js';
import { Ago } from '../../ui/time.js';
import { LIMIT_WORDS, standingWords } from './limit-words.js';
import { WaitsCard } from './waits-card.js';
import styles from './limits.module.css';

type TokenLimits = Schemas['TokenLimitsView'];
type Standing = Schemas['LimitStandingView'];

/** Windows of a minute turn over while somebody looks. */
const REFRESH_MS = 5_000;

/** The limits in force, what is left of them, whom they refused, and who waits in the queues. */
export function LimitsPage(): ReactNode {
  const { may } = useSession();
  const seesAll = may('usage:read');
  const limits = useQuery({
    queryKey: ['limits'],
    queryFn: ({ signal }) => answer(api.GET('/api/limits', { signal })),
    refetchInterval: REFRESH_MS,
  });
  const { data } = limits;
  return (
    <Page
      title="Limits"
      lead={`How much may be asked of the service, by ${seesAll ? 'all tokens together and by each' : 'all together and by each of your tokens'}, what is left at this moment, and who waits.`}
    >
      {limits.error && (
        <Problem what="The limits could not be read" error={limits.error} onRetry={() => void limits.refetch()} />
      )}
      {!data && !limits.error && <Loading what="The limits load" rows={8} />}
      {data && (
        <>
          <Card title="The whole service">
            <ul className={styles['service']}>
              {data.service.map((limit) => (
                <ServiceLimit key={limit.name} limit={limit} showsSetting={may('settings:read')} />
              ))}
            </ul>
          </Card>
          {data.tokens.length === 0 ? (
            <EmptyState
              title="No token has a limit, and none was refused today"
              action={
                may('tokens:write') || may('tokens:write-own') ? (
                  <LinkButton kind="primary" to="/tokens">
                    Choose a token and set its limits
                  </LinkButton>
                ) : undefined
              }
            >
              Limits keep one caller from using up what all share: requests a minute, items a day, items at a time. Here
              is then what is left of each.
            </EmptyState>
          ) : (
            <DataTable label="Limits of tokens" columns={columns} rows={data.tokens} keyOf={({ tokenId }) => tokenId} />
          )}
          <p className={styles['note']}>
            {data.more > 0 && `${formatCount(data.more)} more tokens have limits that are less used. `}
            {data.unlimited > 0 &&
              `${formatCount(data.unlimited)} ${data.unlimited === 1 ? 'token has' : 'tokens have'} no limit of ${data.unlimited === 1 ? 'its' : 'their'} own. `}
            Processes take their part of a limit in steps: what is taken may not be spent to the last.
          </p>
          <WaitsCard waits={data.waits} />
        </>
      )}
    </Page>
  );
}

function ServiceLimit({
  limit: { name, setting, standing },
  showsSetting,
}: {
  readonly limit: Schemas['ServiceLimitView'];
  readonly showsSetting: boolean;
}): ReactNode {
  return (
    <li className={styles['limit']}>
      <h3>{LIMIT_WORDS[name].title}</h3>
      {standing ? (
        <>
          <Meter share={standing.taken / standing.limit}>{standingWords(standing)}</Meter>
          {standing.resetsAtMs !== null && (
            <span className={styles['hint']}>
              starts anew <Ago ms={standing.resetsAtMs} />
            </span>
          )}
        </>
      ) : (
        <span className={styles['hint']}>
          No limit
          {showsSetting && (
            <>
              ; set{' '}
              <Link to="/settings" search={{ q: setting }}>
                <code>{setting}</code>
              </Link>{' '}
              and restart
            </>
          )}
        </span>
      )}
    </li>
  );
}

function limitCell(name: Standing['name']): (row: TokenLimits) => ReactNode {
  return function LimitCell({ limits }) {
    const standing = limits.find((one) => one.name === name);
    if (!standing) return <span className={styles['hint']}>–</span>;
    return (
      <Meter share={standing.taken / standing.limit}>
        {formatCount(standing.remaining)} of {formatCount(standing.limit)} left
      </Meter>
    );
  };
}

const columns: readonly Column<TokenLimits>[] = [
  {
    id: 'token',
    label: 'Token',
    width: 'minmax(9rem, 1.5fr)',
    cell: ({ tokenId, tokenName }) => <a href={`/tokens/${encodeURIComponent(tokenId)}`}>{tokenName}</a>,
  },
  ...(['requestsPerMinute', 'itemsPerDay', 'itemsInFlight'] as const).map((name) => ({
    id: name,
    label: LIMIT_WORDS[name].title,
    cell: limitCell(name),
    width: 'minmax(9rem, 1fr)',
    ...(name === 'itemsPerDay' ? {} : { shown: 'wide' as const }),
  })),
  {
    id: 'refused',
    label: 'Refused today',
    width: 'minmax(8rem, 1fr)',
    cell: ({ tokenId, refusedDay, refusedHour }) =>
      refusedDay === 0 ? (
        <span className={styles['hint']}>never</span>
      ) : (
        <Link to="/usage" search={{ token: tokenId, measure: 'refused', days: 1, by: 'hour' }}>
          <Status tone={refusedHour > 0 ? 'warning' : 'note'} title={`${refusedHour} since the hour before this one`}>
            {formatCount(refusedDay)} {refusedDay === 1 ? 'time' : 'times'}
          </Status>
        </Link>
      ),
  },
];
