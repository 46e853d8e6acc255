import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../../api/client.js';
import { Notice } from '../../ui/notice.js';

/**
 * Says which places could not be asked, and what to change; nothing while all that is needed was asked, as where one
 * pod alone serves and its memory answers.
 */
export function SourcesNotice({ sources }: { readonly sources: readonly Schemas['TraceSourceView'][] }): ReactNode {
  const { data: servers } = useQuery(serversQuery);
  const silent = sources.filter(({ asked }) => !asked);
  // The database has what all processes wrote, this one included.
  const isAsked = (of: string) => sources.some(({ kind, asked }) => kind === of && asked);
  const isWhole = isAsked('database') || (isAsked('memory') && (servers === undefined || servers <= 1));
  if (silent.length === 0 || isWhole) return null;
  const tone = silent.length === sources.length ? 'warning' : 'note';
  return (
    <Notice tone={tone} title={tone === 'warning' ? 'No traces can be looked for.' : 'Not all traces are shown.'}>
      {silent.map(({ kind, reason }) => (
        <p key={kind}>{reason}</p>
      ))}
    </Notice>
  );
}

/** How many pods serve requests. */
const serversQuery = queryOptions({
  queryKey: ['pods', 'servers'],
  queryFn: async ({ signal }) => {
    const { pods } = await answer(api.GET('/api/pods', { signal }));
    return pods.filter(({ roles }) => roles.includes('inference')).length;
  },
});
