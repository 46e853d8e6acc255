import { useState, type ReactNode } from 'react';
import { formatCount, formatInstant } from '../../format/format.js';
import { Button } from '../../ui/button.js';
import { Confirm } from '../../ui/dialog.js';
import { Card } from '../../ui/page.js';
import { Status } from '../../ui/status.js';
import { Ago } from '../../ui/time.js';
import type { Token } from './queries.js';
import styles from './tokens.module.css';
import { useTokenChange } from './use-token-change.js';

/** Both secrets of a token that was rotated, with what came with each, until the old one is silent. */
export function RotationCard({ token, mayChange }: { readonly token: Token; readonly mayChange: boolean }): ReactNode {
  const [isAsked, setAsked] = useState(false);
  const { endGrace } = useTokenChange(token);
  const { rotation, graceUntilMs } = token;
  if (rotation === null) return null;
  const { present, previous } = rotation;
  const end = mayChange && graceUntilMs !== null && <Button onClick={() => setAsked(true)}>End the old one now</Button>;
  return (
    <Card title={`Secrets since the rotation of ${formatInstant(rotation.atMs)}`} actions={end}>
      <table className={styles['secrets']}>
        <thead>
          <tr>
            <th scope="col">Secret</th>
            <th scope="col">Requests</th>
            <th scope="col">Last used</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">New</th>
            <td className="number">{formatCount(present.requests)}</td>
            <td>{present.lastUsedAtMs === null ? 'Not yet' : <Ago ms={present.lastUsedAtMs} />}</td>
          </tr>
          <tr>
            <th scope="row">Old</th>
            <td className="number">{formatCount(previous.requests)}</td>
            <td>
              {previous.lastUsedAtMs === null ? 'Never' : <Ago ms={previous.lastUsedAtMs} />}
              {previous.lastUsedFrom !== null && ` from ${previous.lastUsedFrom}`}
            </td>
          </tr>
        </tbody>
      </table>
      <p className={styles['after']}>
        {graceUntilMs === null ? (
          <>
            <Status tone="neutral">Ended</Status> The old secret is refused.
          </>
        ) : previous.requests === 0 ? (
          <>
            <Status tone="good">Silent</Status> No request has come with the old secret. It works until{' '}
            {formatInstant(graceUntilMs)}.
          </>
        ) : (
          <>
            <Status tone="warning">In use</Status> The old secret is still sent. It works until{' '}
            {formatInstant(graceUntilMs)}.
          </>
        )}
      </p>
      <Confirm
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title="End the old secret now?"
        action="End it"
        isGrave={previous.requests > 0}
        onConfirm={endGrace}
      >
        {previous.requests === 0
          ? 'No request has come with it since the rotation.'
          : `${formatCount(previous.requests)} requests came with it since the rotation. Whoever sends it is refused within a second.`}
      </Confirm>
    </Card>
  );
}
