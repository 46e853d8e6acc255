import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.js';
import type { QueryTerm } from '../../query/language.js';
import { rangeOf, type TracesSearch } from './search-state.js';

/** How often it is asked whether there are newer requests. */
const NEWER_MS = 5_000;

/** Requests of all pages but the first, which is to be there at once: whoever scrolls wants many. */
const NEXT_PAGE_MAX = 500;

/** What a search asks the API for. */
export interface Asked {
  readonly terms: readonly QueryTerm[];
  readonly range: Pick<TracesSearch, 'last' | 'from' | 'to'>;
}

/** Requests page by page, the newest first. `isOn` is false while the query cannot be understood. */
export function useTraceList(asked: Asked, isOn: boolean) {
  return useInfiniteQuery({
    queryKey: ['traces', 'list', asked],
    enabled: isOn,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/traces', {
          params: {
            query: { ...selectionOf(asked), ...(pageParam === '' ? {} : { cursor: pageParam, limit: NEXT_PAGE_MAX }) },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** How many requests there are of each kind, and when they began. */
export function useFacets(asked: Asked, isOn: boolean) {
  return useQuery({
    queryKey: ['traces', 'facets', asked],
    enabled: isOn,
    queryFn: ({ signal }) => answer(api.GET('/api/traces/facets', { params: { query: selectionOf(asked) }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** How many requests began after `afterMs`; asked every few seconds, so that a list need not move by itself. */
export function useNewer(asked: Asked, afterMs: number | undefined) {
  return useQuery({
    queryKey: ['newer-traces', asked.terms, afterMs],
    enabled: afterMs !== undefined && asked.range.to === undefined,
    refetchInterval: NEWER_MS,
    queryFn: async ({ signal }) => {
      const query = { ...filterOf(asked.terms), from: new Date((afterMs ?? 0) + 1).toISOString() };
      return (await answer(api.GET('/api/traces/facets', { params: { query }, signal }))).total;
    },
  });
}

/** Failures by error, token and model. */
export function useErrors(asked: Asked, isOn: boolean) {
  return useQuery({
    queryKey: ['traces', 'errors', asked],
    enabled: isOn,
    queryFn: ({ signal }) => answer(api.GET('/api/traces/errors', { params: { query: selectionOf(asked) }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** The requests of a trace, by its id or that of a request. */
export const traceQuery = (id: string) =>
  queryOptions({
    queryKey: ['traces', 'one', id],
    queryFn: ({ signal }) => answer(api.GET('/api/traces/{id}', { params: { path: { id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** An attempt at a batch. */
export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ['traces', 'batch', id],
    queryFn: ({ signal }) => answer(api.GET('/api/batches/{id}', { params: { path: { id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The requests that some conditions hold for, without their spans; for short lists. */
export const summariesQuery = (terms: readonly QueryTerm[], limit: number) =>
  queryOptions({
    queryKey: ['traces', 'summaries', terms, limit],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/traces', { params: { query: { ...filterOf(terms), limit } }, signal }))).traces,
  });

function selectionOf({ terms, range }: Asked) {
  const { fromMs, toMs } = rangeOf(range, Date.now());
  return {
    ...filterOf(terms),
    ...(fromMs === undefined ? {} : { from: new Date(fromMs).toISOString() }),
    ...(toMs === undefined ? {} : { to: new Date(toMs).toISOString() }),
  };
}

function filterOf(terms: readonly QueryTerm[]): { filter?: string } {
  return terms.length === 0 ? {} : { filter: JSON.stringify(terms) };
}
