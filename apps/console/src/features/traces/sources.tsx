import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { Notice } from '../../ui/notice.js';

/** Says which places could not be asked, and what to change; nothing while all that is needed was asked. */
export function SourcesNotice({ sources }: { readonly sources: readonly Schemas['TraceSourceView'][] }): ReactNode {
  const silent = sources.filter(({ asked }) => !asked);
  // The database has what all processes wrote, this one included.
  const isWhole = sources.some(({ kind, asked }) => kind === 'database' && asked);
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
