import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.js';
import { Notice } from '../../../ui/notice.js';
import { Ago } from '../../../ui/time.js';
import { differencesQuery, type Version } from '../queries.js';

/** Somebody else has changed the models since the editor was opened: what they changed, and how to go on. */
export function Conflict({
  base,
  newest,
  onGoOn,
  onDrop,
}: {
  readonly base: Version | null;
  readonly newest: Version;
  readonly onGoOn: () => void;
  readonly onDrop: () => void;
}): ReactNode {
  const { data } = useQuery({
    ...differencesQuery(base?.version ?? newest.version, newest.version),
    enabled: base !== null && base.version !== newest.version,
  });
  return (
    <Notice
      tone="warning"
      title={`Version ${newest.version} has come meanwhile, by ${newest.createdBy.name}. What you typed is still here.`}
      actions={
        <>
          <Button kind="primary" onClick={onGoOn}>
            Go on from version {newest.version}
          </Button>
          <Button onClick={onDrop}>Drop my changes</Button>
        </>
      }
    >
      <p>
        <Ago ms={newest.createdAtMs} />
        {newest.note !== '' && `: ${newest.note}`}
      </p>
      {data && (
        <ul>
          {data.differences.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <p>When you go on, the plan shows what your version would change in it.</p>
    </Notice>
  );
}
