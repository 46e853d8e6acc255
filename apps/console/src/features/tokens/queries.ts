import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../../api/client.js';
import type { TokenSearch } from './search.js';

export type Token = Schemas['TokenView'];

const PAGE_ROWS = 500;

/** The tokens that the address asks for, page by page. */
export function tokensQuery({ create: _, ended, ...filter }: TokenSearch) {
  const query = { ...filter, limit: PAGE_ROWS, ...(ended ? { ended: 'true' as const } : {}) };
  return infiniteQueryOptions({
    queryKey: ['tokens', 'list', query],
    queryFn: ({ signal, pageParam }) => {
      const page = pageParam === null ? query : { ...query, cursor: pageParam };
      return answer(api.GET('/api/tokens', { params: { query: page }, signal }));
    },
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the type of all cursors, of which the first is none
    initialPageParam: null as string | null,
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: (before) => before,
  });
}

export function tokenQuery(id: string) {
  return queryOptions({
    queryKey: ['tokens', id],
    queryFn: ({ signal }) => answer(api.GET('/api/tokens/{id}', { params: { path: { id } }, signal })),
  });
}

/** What a revocation would break; read anew each time. */
export function impactQuery(id: string) {
  return queryOptions({
    queryKey: ['tokens', id, 'impact'],
    queryFn: ({ signal }) => answer(api.GET('/api/tokens/{id}/impact', { params: { path: { id } }, signal })),
    staleTime: 0,
  });
}

/** Where the inference API is, and the version. */
export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: ({ signal }) => answer(api.GET('/api/console', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The names of the models that are asked for at present. */
export const modelNamesQuery = queryOptions({
  queryKey: ['models', 'names'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/models', { signal }))).models,
});
