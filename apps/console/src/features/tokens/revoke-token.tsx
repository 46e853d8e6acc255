import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { formatCount } from '../../format/format.js';
import { Confirm } from '../../ui/dialog.js';
import { Problem } from '../../ui/problem.js';
import { Loading } from '../../ui/loading.js';
import { impactQuery, type Token } from './queries.js';
import { useTokenChange } from './use-token-change.js';
import styles from './tokens.module.css';
import { FactList } from '../../ui/fact-list.js';

/** Asks before a token is revoked, with what that will break. */
export function RevokeToken({ token, onClose }: { readonly token: Token; readonly onClose: () => void }): ReactNode {
  const { revoke } = useTokenChange(token);
  const { data, error } = useQuery(impactQuery(token.id));
  return (
    <Confirm isOpen isGrave title={`Revoke “${token.name}”?`} action="Revoke" onClose={onClose} onConfirm={revoke}>
      {error && <Problem what="What it will break could not be read" error={error} />}
      {!data && !error && <Loading what="What it will break" rows={2} />}
      {data && (
        <>
          <ul className={styles['plainList']}>
            {data.willFail.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
          <FactList>
            <dt>Last hour</dt>
            <dd>{formatCount(data.lastHour.requests)} requests</dd>
            <dt>Last day</dt>
            <dd>{formatCount(data.lastDay.requests)} requests</dd>
            <dt>Last 7 days</dt>
            <dd>{formatCount(data.last7Days.requests)} requests</dd>
          </FactList>
          <p>You can undo it for {Math.round(data.undoMs / 60_000)} minutes.</p>
        </>
      )}
    </Confirm>
  );
}
