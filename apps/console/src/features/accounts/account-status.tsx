import type { ReactNode } from 'react';
import { formatAgo } from '../../format/format.js';
import { Status } from '../../ui/status.js';
import styles from './accounts.module.css';
import type { AccountRow } from './queries.js';

/** The state of an account, with the link that waits for its person. */
export function AccountStatus({ account, nowMs }: { readonly account: AccountRow; readonly nowMs: number }): ReactNode {
  const { status, link } = account;
  if (status === 'disabled') return <Status tone="neutral">Disabled</Status>;
  if (status === 'active') return <Status tone="good">{link === null ? 'Active' : 'Active, reset link waits'}</Status>;
  if (link === null || link.isExpired) return <Status tone="warning">Invitation expired</Status>;
  return (
    <Status tone="note" title={`The link ends ${formatAgo(link.expiresAtMs, nowMs)}`}>
      Invited<span className={styles['ends']}>, ends {formatAgo(link.expiresAtMs, nowMs)}</span>
    </Status>
  );
}
