import { getRouteApi } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { formatCount } from '../../format/format.js';
import type { QueryTerm } from '../../query/language.js';
import { parseQuery } from '../../query/parse.js';
import { printQuery } from '../../query/print.js';
import { classNames } from '../../ui/class-names.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { QueryBar, type KnownValue } from '../../ui/query-bar.js';
import { Tabs } from '../../ui/tabs.js';
import { ErrorsTable } from './errors-table.js';
import { Facets } from './facets.js';
import { TRACES } from './language.js';
import { Peek } from './peek.js';
import { RequestsOverTime } from './requests-over-time.js';
import { RequestList } from './request-list.js';
import styles from './search-page.module.css';
import { validateTracesSearch, type TracesSearch } from './search-state.js';
import { SourcesNotice } from './sources.js';
import { TimeRange } from './time-range.js';
import { useFacets, type Asked } from './use-traces.js';

const route = getRouteApi('/framed/traces');

/** Finds requests: one query for the bar, the facets and the values in details, and all of it in the address. */
export function SearchPage(): ReactNode {
  const search = route.useSearch({ select: validateTracesSearch });
  const navigate = route.useNavigate();
  const { q = '', last, from, to, peek, view } = search;
  const { terms, problems } = useMemo(() => parseQuery(q, TRACES), [q]);
  const isPeeking = peek !== undefined && view === undefined;
  const isUnderstood = problems.length === 0;
  const asked: Asked = {
    terms,
    range: from !== undefined && to !== undefined ? { from, to } : last === undefined ? {} : { last },
  };
  const facets = useFacets(asked, isUnderstood);
  const change = (next: Partial<Record<keyof TracesSearch, unknown>>) =>
    void navigate({
      search: (before) => validateTracesSearch({ ...before, ...next }),
      // Walking from row to row is no way to go back.
      replace: 'peek' in next && !('q' in next || 'view' in next),
    });
  const setTerms = (next: readonly QueryTerm[]) =>
    change({ q: printQuery(next, TRACES) || undefined, peek: undefined });
  const valuesOf = (key: string): KnownValue[] =>
    (facets.data?.facets.find((facet) => facet.key === key)?.values ?? []).flatMap(({ value, name, count }) =>
      value === null ? [] : [{ value: name ?? value, about: formatCount(count) }],
    );
  return (
    <Page title="Traces" lead="What requests did, how long each part took, and in which batches they rode.">
      <div className={styles['bar']}>
        <QueryBar
          label="Search requests"
          placeholder="outcome:failed duration:>50ms -model:mini-clip, or the id of a request"
          language={TRACES}
          value={q}
          valuesOf={valuesOf}
          onSearch={(text) => change({ q: text || undefined, peek: undefined })}
        />
        <TimeRange search={search} onChange={change} />
      </div>
      {isUnderstood && facets.data && <SourcesNotice sources={facets.data.sources} />}
      {facets.error && (
        <Problem what="The requests could not be counted" error={facets.error} onRetry={() => void facets.refetch()} />
      )}
      {isUnderstood && facets.data && facets.data.total > 0 && (
        <RequestsOverTime
          facets={facets.data}
          onRange={(fromMs, toMs) => change({ from: fromMs, to: toMs, last: undefined })}
        />
      )}
      {isUnderstood ? (
        <div className={classNames(styles['columns'], isPeeking && styles['peeking'])}>
          <details className={styles['aside']} open={isWide() || undefined}>
            <summary>Filters</summary>
            {facets.data && <Facets facets={facets.data.facets} terms={terms} onChange={setTerms} />}
          </details>
          <div className={styles['main']}>
            <Tabs
              label="What to show"
              value={view ?? 'requests'}
              onChange={(id) => change({ view: id === 'errors' ? 'errors' : undefined, peek: undefined })}
              tabs={[
                {
                  ...{
                    id: 'requests',
                    label: facets.data ? `Requests (${formatCount(facets.data.total)})` : 'Requests',
                  },
                  content: (
                    <RequestList
                      asked={asked}
                      isUnderstood={isUnderstood}
                      isNarrowed={q !== '' || last !== undefined || from !== undefined}
                      openKey={peek}
                      onOpen={(key) => change({ peek: key })}
                      onClear={() => change({ q: undefined, last: undefined, from: undefined, to: undefined })}
                    />
                  ),
                },
                {
                  ...{ id: 'errors', label: 'Errors' },
                  content: (
                    <ErrorsTable
                      asked={asked}
                      isUnderstood={isUnderstood}
                      onChange={(next) => change({ q: printQuery(next, TRACES), view: undefined })}
                    />
                  ),
                },
              ]}
            />
          </div>
          {isPeeking && (
            <Peek
              key="peek"
              traceKey={peek}
              terms={terms}
              onTerms={setTerms}
              onClose={() => change({ peek: undefined })}
            />
          )}
        </div>
      ) : (
        <EmptyState title="The query cannot be understood">
          <p>Nothing was searched for. Mend the part that is marked above.</p>
        </EmptyState>
      )}
    </Page>
  );
}

/** Filters are open where they stand beside the list. */
function isWide(): boolean {
  return window.matchMedia('(min-width: 64.01rem)').matches;
}
