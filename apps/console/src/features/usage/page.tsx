import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { formatCount, formatShare, formatShort } from '../../format/format.js';
import { useSession } from '../../session/use-session.js';
import { LinkButton } from '../../ui/button.js';
import { Chart } from '../../ui/chart.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { FigureTile, FigureTiles } from '../../ui/figure-tile.js';
import { Loading } from '../../ui/loading.js';
import { Meter } from '../../ui/meter.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { useNow } from '../../ui/time.js';
import styles from './usage.module.css';
import { UsageFilters } from './usage-filters.js';
import {
  spanOf,
  startsOf,
  usageSearchOf,
  type Measure,
  type Split,
  type UsageSearch,
  type UsageSearchChange,
} from './usage-search.js';
import { partSums, seriesOf, type PartSum } from './usage-sums.js';

const HOUR_MS = 3_600_000;

const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  requests: 'Requests',
  items: 'Texts and images',
  refused: 'Refused by limits',
};

const SPLIT_NAMES: Readonly<Record<Split, string>> = {
  model: 'Model',
  token: 'Token',
  protocol: 'Protocol',
  outcome: 'How it ended',
};

/** Requests and items by token, model, protocol and outcome. Members see their own. */
export function UsagePage(): ReactNode {
  const search = usageSearchOf(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { may } = useSession();
  const change = (more: UsageSearchChange) =>
    void navigate({ to: '/usage', search: usageSearchOf({ ...search, ...more }), replace: true });
  const { split = 'model', measure = 'requests' } = search;
  // The span moves on once an hour, not with every look at the clock.
  const hourMs = Math.ceil(useNow() / HOUR_MS) * HOUR_MS;
  const span = spanOf(search, hourMs);
  const query = queryOf(search, span);
  const usage = useQuery({
    queryKey: ['usage', query, split],
    queryFn: ({ signal }) => answer(api.GET('/api/usage', { params: { query: { ...query, per: split } }, signal })),
    placeholderData: keepPreviousData,
  });
  const ends = useQuery({
    queryKey: ['usage', query, 'ends'],
    queryFn: ({ signal }) => {
      const asked = { ...query, by: 'total' as const, per: 'outcome' };
      return answer(api.GET('/api/usage', { params: { query: asked }, signal }));
    },
    placeholderData: keepPreviousData,
  });
  const rows = usage.data?.rows ?? [];
  const parts = partSums(rows, split, measure);
  const { by } = span;
  const starts = startsOf(span);
  const series = seriesOf(rows, parts, { split, measure, starts });
  const csv = `/api/usage.csv?${new URLSearchParams({ ...query, per: 'token,model,protocol,outcome' }).toString()}`;
  return (
    <Page
      title="Usage"
      lead={`What ${may('usage:read') ? 'everybody' : 'your tokens'} asked of the service. Hours and days are UTC; the last ten seconds may be missing.`}
      actions={
        <a className={styles['download']} href={csv} download>
          <Download size={15} aria-hidden /> CSV
        </a>
      }
    >
      <UsageFilters search={search} span={span} parts={parts} onChange={change} />
      {usage.error && (
        <Problem what="The usage could not be read" error={usage.error} onRetry={() => void usage.refetch()} />
      )}
      {!usage.data && !usage.error && <Loading what="The usage loads" rows={8} />}
      {usage.data && (
        <>
          <FigureTiles>
            {(['requests', 'items', 'refused'] as const).map((one) => (
              <FigureTile
                key={one}
                label={MEASURE_NAMES[one]}
                value={formatShort(usage.data.totals[one])}
                detail={one === measure ? 'shown below' : 'show below'}
                to="/usage"
                search={{ ...search, measure: one }}
              />
            ))}
            <FigureTile
              label="Failed"
              value={formatShort(failedOf(ends.data?.rows ?? []))}
              detail={failedShare(ends.data?.rows ?? [], usage.data.totals.requests)}
              to="/usage"
              search={{ ...search, split: 'outcome', measure: 'requests' }}
            />
          </FigureTiles>
          {parts.length === 0 ? (
            <NothingUsed />
          ) : (
            <>
              <Card title={`${MEASURE_NAMES[measure]} ${by === 'hour' ? 'an hour' : 'a day'}`}>
                <Chart
                  label={`${MEASURE_NAMES[measure]} ${by === 'hour' ? 'an hour' : 'a day'}, by ${SPLIT_NAMES[split].toLowerCase()}`}
                  kind="stacked"
                  timesMs={starts}
                  series={series}
                  format={formatShort}
                  onRange={(from, to) => change(rangeOf(from, to, by))}
                />
              </Card>
              <DataTable
                label={`Usage by ${SPLIT_NAMES[split].toLowerCase()}`}
                columns={columnsOf(split, measure, usage.data.totals[measure])}
                rows={parts}
                keyOf={({ id }) => id}
                onOpen={({ id }) => change({ [split]: search[split] === id ? undefined : id })}
              />
            </>
          )}
        </>
      )}
    </Page>
  );
}

function NothingUsed(): ReactNode {
  return (
    <EmptyState
      title="Nothing was asked for in this time"
      action={
        <LinkButton kind="primary" to="/tokens">
          Make a token and send a request
        </LinkButton>
      }
    >
      Each request that is let in is counted here within ten seconds, by its token, model, protocol and how it ended.
      Choose a longer time, or send the first one.
    </EmptyState>
  );
}

function columnsOf(split: Split, measure: Measure, total: number): Column<PartSum>[] {
  const count = (id: Measure): Column<PartSum> => ({
    id,
    label: MEASURE_NAMES[id],
    cell: (part) => formatCount(part[id]),
    isNumber: true,
    ...(id === measure ? {} : { shown: 'wide' as const }),
  });
  return [
    { id: 'name', label: SPLIT_NAMES[split], cell: ({ name }) => name, width: 'minmax(10rem, 2fr)' },
    {
      id: 'share',
      label: 'Share',
      width: 'minmax(7rem, 1fr)',
      cell: (part) => {
        const share = total === 0 ? 0 : part[measure] / total;
        return (
          <Meter share={share} isPlain>
            {formatShare(share)}
          </Meter>
        );
      },
    },
    count('requests'),
    count('items'),
    count('refused'),
  ];
}

type Row = { readonly outcome?: string; readonly requests: number };

/** Requests that were let in and failed; what was counted before outcomes were is not among them. */
function failedOf(rows: readonly Row[]): number {
  return rows
    .filter(({ outcome = 'unknown' }) => !['ok', 'unknown'].includes(outcome))
    .reduce((sum, { requests }) => sum + requests, 0);
}

function failedShare(rows: readonly Row[], requests: number): string {
  return requests === 0 ? 'of no requests' : `${formatShare(failedOf(rows) / requests)} of the requests`;
}

/** Whole hours or days around what was drawn. */
function rangeOf(fromMs: number, toMs: number, by: 'hour' | 'day'): UsageSearch {
  const stepMs = by === 'hour' ? HOUR_MS : 24 * HOUR_MS;
  const from = Math.floor(fromMs / stepMs) * stepMs;
  return { from, to: Math.max(from + stepMs, Math.ceil(toMs / stepMs) * stepMs) };
}

function queryOf({ token, model, protocol, outcome }: UsageSearch, { fromMs, toMs, by }: ReturnType<typeof spanOf>) {
  return {
    ...{ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), by },
    ...(token === undefined ? {} : { token }),
    ...(model === undefined ? {} : { model }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(outcome === undefined ? {} : { outcome }),
  };
}
