import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client.js';
import { sessionBegan } from './session-store.js';

/** Who is logged in, with what that person may do. Fails with 401 when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await answer(api.GET('/api/session', { signal }));
    if (session.csrfToken !== undefined) sessionBegan(session.csrfToken, session.account?.id ?? null);
    return session;
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export type Permission = Schemas['WhoAmI']['permissions'][number];

/** The person who looks at the page, and what that person may do. Only below the frame, which has loaded it. */
export function useSession(): Schemas['WhoAmI'] & { may(permission: Permission): boolean } {
  const { data } = useSuspenseQuery(sessionQuery);
  return { ...data, may: (permission) => data.permissions.includes(permission) };
}
