import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { actionWords } from '../../format/audit-words.js';
import { formatCount, formatDuration, formatShare, formatShort } from '../../format/format.js';
import { useSession } from '../../session/use-session.js';
import { Button, LinkButton } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { FigureTile, FigureTiles } from '../../ui/figure-tile.js';
import { Loading } from '../../ui/loading.js';
import { Notice } from '../../ui/notice.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Ago } from '../../ui/time.js';
import { Charts } from './charts.js';
import {
  overviewQuery,
  podsQuery,
  RANGE_LABELS,
  RANGES,
  validateOverviewSearch,
  type Overview,
  type OverviewSearch,
  type Range,
} from './overview-query.js';
import styles from './overview.module.css';
import { Topology } from './topology.js';
import { PlainTable } from '../../ui/plain-table.js';

/** What the service does at the moment. */
export function OverviewPage(): ReactNode {
  const search = validateOverviewSearch(useSearch({ strict: false }));
  const { data, error, refetch } = useQuery(overviewQuery(search));
  return (
    <Page
      title="Overview"
      lead={
        data?.scope === 'own'
          ? 'What your tokens did, by the hour.'
          : 'What all processes of the service did, together.'
      }
      actions={<Ranges search={search} />}
    >
      {error && <Problem what="The figures could not be read" error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading what="Reading the figures" rows={8} />}
      {data && <Figures data={data} search={search} />}
    </Page>
  );
}

function Ranges({ search }: { readonly search: OverviewSearch }): ReactNode {
  const navigate = useNavigate();
  const isDrawn = search.to !== undefined;
  const names = Object.keys(RANGES).filter((name): name is Range => Object.hasOwn(RANGES, name));
  return (
    <div role="group" aria-label="Time" className={styles['ranges']}>
      {names.map((range) => (
        <Button
          key={range}
          kind="quiet"
          aria-pressed={!isDrawn && (search.range ?? '1h') === range}
          title={RANGE_LABELS[range]}
          onClick={() => void navigate({ to: '/', search: { range } })}
        >
          {range}
        </Button>
      ))}
    </div>
  );
}

function Figures({ data, search }: { readonly data: Overview; readonly search: OverviewSearch }): ReactNode {
  const { total, silentPods, isPartial, scope } = data;
  const mayTry = useSession().may('playground:use');
  return (
    <>
      {silentPods.length > 0 && (
        <Notice
          tone="warning"
          title={`${silentPods.join(', ')} ${silentPods.length === 1 ? 'does' : 'do'} not answer.`}
          actions={<LinkButton to="/replicas">Open the replicas</LinkButton>}
        >
          <p>What they have done since their last report is missing in all figures.</p>
        </Notice>
      )}
      {isPartial && (
        <Notice tone="note" title="There was more than could be read: the oldest part is left out. Choose less time." />
      )}
      <Tiles data={data} />
      {scope === 'service' && <Topology figures={data} />}
      {total.requests === 0 && data.points.length === 0 ? (
        <EmptyState
          title="No request in this time"
          action={mayTry && <LinkButton to="/playground">Open the playground</LinkButton>}
        >
          Traffic, latency and queues are drawn here as soon as requests come. Send one{' '}
          {mayTry && 'from the playground, or '}with a token.
        </EmptyState>
      ) : (
        <Charts data={data} search={search} />
      )}
      <div className={styles['beside']}>
        {data.byModel.length > 0 && <ByModel data={data} />}
        {data.byError.length > 0 && <ByError data={data} />}
        {data.changes !== null && <Changes data={data} />}
      </div>
    </>
  );
}

function Tiles({ data }: { readonly data: Overview }): ReactNode {
  const { total, fromMs, toMs } = data;
  const { may } = useSession();
  const pods = useQuery({ ...podsQuery, enabled: may('models:read') });
  const perSecond = total.requests / Math.max(1, (toMs - fromMs) / 1000);
  const between = { from: fromMs, to: toMs };
  const slowerThan = (ms: number | null) => ({
    ...between,
    ...(ms === null ? {} : { q: `duration:>${ms.toFixed(1)}ms` }),
  });
  const replicas = (pods.data?.pods ?? [])
    .filter(({ answers }) => answers)
    .flatMap((pod) => (pod.pools ?? []).flatMap((pool) => pool.replicas));
  const ready = replicas.filter(({ state }) => state === 'ready').length;
  const isOwn = data.scope === 'own';
  const latency = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));
  return (
    <FigureTiles>
      <FigureTile
        to="/usage"
        label="Requests"
        value={formatShort(total.requests)}
        detail={`${perSecond.toFixed(perSecond < 10 ? 2 : 0)} a second`}
      />
      <FigureTile to="/usage" label="Items" value={formatShort(total.items)} detail="texts and images" />
      <FigureTile
        to="/traces"
        search={{ q: 'outcome:failed', ...between }}
        label={isOwn ? 'Refused' : 'Failed'}
        value={formatShort(total.errors)}
        detail={
          total.requests === 0 ? 'of no requests' : `${formatShare(total.errors / Math.max(1, total.requests))} of all`
        }
      />
      {!isOwn && (
        <>
          <FigureTile
            to="/traces"
            search={slowerThan(total.p50Ms)}
            label="Half are faster than"
            value={latency(total.p50Ms)}
            detail="p50, arrival to answer"
          />
          <FigureTile
            to="/traces"
            search={slowerThan(total.p95Ms)}
            label="95 % are faster than"
            value={latency(total.p95Ms)}
            detail="p95"
          />
          <FigureTile
            to="/traces"
            search={slowerThan(total.p99Ms)}
            label="99 % are faster than"
            value={latency(total.p99Ms)}
            detail="p99"
          />
          <FigureTile
            to="/replicas"
            label="Longest queue"
            value={formatShort(total.queueItemsMax)}
            detail={`oldest ${formatDuration(total.queueAgeMsMax)}`}
          />
          <FigureTile
            to="/replicas"
            label="Batch fill"
            value={total.batchFill === null ? '–' : formatShare(total.batchFill)}
            detail={`${formatShort(total.batches)} batches`}
          />
        </>
      )}
      {pods.data && (
        <FigureTile
          to="/replicas"
          label="Replicas ready"
          value={`${ready} of ${replicas.length}`}
          detail={devicesOf(replicas.map(({ device }) => device))}
        />
      )}
    </FigureTiles>
  );
}

function devicesOf(devices: readonly string[]): string {
  const names = [...new Set(devices)].sort();
  return names.length === 0 ? 'no device' : names.slice(0, 3).join(', ') + (names.length > 3 ? ' …' : '');
}

function ByModel({ data: { byModel, scope } }: { readonly data: Overview }): ReactNode {
  const named = byModel.filter(({ model }) => model !== '');
  if (named.length === 0) return null;
  return (
    <Card title="By model">
      <PlainTable label="By model" className={styles['wide']}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Requests</th>
            <th scope="col">Items</th>
            {scope === 'service' && <th scope="col">p95</th>}
            {scope === 'service' && <th scope="col">Fill</th>}
          </tr>
        </thead>
        <tbody>
          {named.map((row) => (
            <tr key={row.model}>
              <th scope="row">
                <Link to="/replicas/$model" params={{ model: row.model }}>
                  {row.model}
                </Link>
              </th>
              <td>{formatCount(row.requests)}</td>
              <td>{formatCount(row.items)}</td>
              {scope === 'service' && <td>{row.p95Ms === null ? '–' : formatDuration(row.p95Ms)}</td>}
              {scope === 'service' && <td>{row.batchFill === null ? '–' : formatShare(row.batchFill)}</td>}
            </tr>
          ))}
        </tbody>
      </PlainTable>
    </Card>
  );
}

function ByError({ data: { byError, fromMs, toMs } }: { readonly data: Overview }): ReactNode {
  return (
    <Card title="What failed">
      <ul className={styles['list']}>
        {byError.map(({ code, requests }) => (
          <li key={code}>
            <Link to="/traces" search={{ q: `outcome:${code}`, from: fromMs, to: toMs }}>
              <code>{code}</code>
            </Link>
            <span>{formatCount(requests)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Changes({ data: { changes } }: { readonly data: Overview }): ReactNode {
  return (
    <Card
      title="What changed lately"
      actions={
        <LinkButton to="/audit" kind="quiet">
          All changes
        </LinkButton>
      }
    >
      {changes?.length === 0 && <p>Nothing has changed yet. Who changes something is written down here.</p>}
      <ul className={styles['list']}>
        {changes?.map(({ seq, atMs, action, actor, target }) => (
          <li key={seq}>
            <span className={styles['what']}>
              {actionWords(action)} {target !== actor && <strong>{target}</strong>}
              <small>
                {actor}, <Ago ms={atMs} />
              </small>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
