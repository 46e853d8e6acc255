import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../../api/client.js';
import type { AccountSearch } from './search.js';

export type AccountRow = Schemas['AccountRowView'];

const PAGE_ROWS = 200;

/** The accounts that the address asks for, page by page. */
export function accountsQuery({ invite: _, ...filter }: AccountSearch) {
  const query = { ...filter, limit: PAGE_ROWS };
  return infiniteQueryOptions({
    queryKey: ['accounts', 'list', query],
    queryFn: ({ signal, pageParam }) => {
      const page = pageParam === null ? query : { ...query, cursor: pageParam };
      return answer(api.GET('/api/accounts', { params: { query: page }, signal }));
    },
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the type of all cursors, of which the first is none
    initialPageParam: null as string | null,
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: (before) => before,
  });
}

/** What each role may do, as the server checks it. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => answer(api.GET('/api/roles', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
