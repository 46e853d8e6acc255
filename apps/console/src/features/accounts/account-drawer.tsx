import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api, type Schemas } from '../../api/client.js';
import { formatCount, formatInstant } from '../../format/format.js';
import { useSession } from '../../session/use-session.js';
import { Button, LinkButton } from '../../ui/button.js';
import { Confirm, Drawer } from '../../ui/dialog.js';
import { Problem } from '../../ui/problem.js';
import { Ago, useNow } from '../../ui/time.js';
import { useToasts } from '../../ui/toasts.js';
import { AccountStatus } from './account-status.js';
import styles from './accounts.module.css';
import { RoleField } from './invite-person.js';
import { LinkShown } from './link-shown.js';
import type { AccountRow } from './queries.js';
import { FactList } from '../../ui/fact-list.js';

/** One account, and what may be done with it. */
export function AccountDrawer({
  account,
  onClose,
}: {
  readonly account: AccountRow;
  readonly onClose: () => void;
}): ReactNode {
  const nowMs = useNow();
  const { may, account: self } = useSession();
  const mayChange = may('accounts:write') && (account.role !== 'owner' || may('owners:write'));
  return (
    <Drawer isOpen onClose={onClose} title={account.name}>
      <FactList>
        <dt>Address</dt>
        <dd>{account.email}</dd>
        <dt>Status</dt>
        <dd>
          <AccountStatus account={account} nowMs={nowMs} />
        </dd>
        <dt>Logs in by</dt>
        <dd>{waysIn(account)}</dd>
        <dt>Last seen</dt>
        <dd>{account.lastSeenAtMs === null ? 'Never' : <Ago ms={account.lastSeenAtMs} />}</dd>
        <dt>Made</dt>
        <dd>{formatInstant(account.createdAtMs)}</dd>
        <dt>Sessions</dt>
        <dd>{formatCount(account.sessions)}</dd>
        <dt>Tokens</dt>
        <dd>{formatCount(account.tokens)}</dd>
      </FactList>
      <div className={styles['actions']}>
        <LinkButton to="/tokens" search={{ owner: account.id }}>
          Its tokens
        </LinkButton>
        {account.id === self?.id && <LinkButton to="/account">Your account</LinkButton>}
      </div>
      {mayChange && <Changes key={account.id} account={account} onGone={onClose} />}
    </Drawer>
  );
}

type Asked = 'disable' | 'remove' | 'role' | undefined;

function Changes({ account, onGone }: { readonly account: AccountRow; readonly onGone: () => void }): ReactNode {
  const { id, name } = account;
  const queries = useQueryClient();
  const { may } = useSession();
  const { say } = useToasts();
  const [asked, setAsked] = useState<Asked>();
  const [role, setRole] = useState(account.role);
  const path = { params: { path: { id } } };
  const renew = () => queries.invalidateQueries({ queryKey: ['accounts'] });
  const patch = async (body: Schemas['ChangeAccountBody'], said: string) => {
    await answer(api.PATCH('/api/accounts/{id}', { ...path, body }));
    await renew();
    say(said);
  };
  const link = useMutation({
    mutationFn: () => answer(api.POST('/api/accounts/{id}/reset-link', path)),
    onSuccess: renew,
  });
  const enable = useMutation({ mutationFn: () => patch({ disabled: false }, `${name} is enabled`) });
  const isInvited = account.status === 'invited';
  return (
    <>
      <RoleField role={role} onChange={setRole} mayOwners={may('owners:write')} />
      <div className={styles['actions']}>
        {role !== account.role && (
          <Button kind="primary" onClick={() => setAsked('role')}>
            Save the role
          </Button>
        )}
        {account.status === 'disabled' ? (
          <Button isBusy={enable.isPending} onClick={() => enable.mutate()}>
            Enable
          </Button>
        ) : (
          <>
            <Button isBusy={link.isPending} onClick={() => link.mutate()}>
              {isInvited ? 'Make a new invitation link' : 'Make a link for a new password'}
            </Button>
            <Button kind="grave" onClick={() => setAsked('disable')}>
              Disable
            </Button>
          </>
        )}
        <Button kind="grave" onClick={() => setAsked('remove')}>
          Remove
        </Button>
      </div>
      {link.data && <LinkShown link={link.data} name={name} />}
      {link.error && <Problem what="The link was not made" error={link.error} />}
      {enable.error && <Problem what="The account was not enabled" error={enable.error} />}
      <Confirm
        isOpen={asked === 'role'}
        onClose={() => setAsked(undefined)}
        title={`Make ${name} ${role === 'owner' || role === 'admin' ? 'an' : 'a'} ${role}?`}
        action="Change the role"
        onConfirm={() => patch({ role }, `${name} is ${role} now`)}
      >
        A lower role logs {name} out and revokes the tokens of the account for good. Links that were made before end.
      </Confirm>
      <Confirm
        isOpen={asked === 'disable'}
        isGrave
        onClose={() => setAsked(undefined)}
        title={`Disable ${name}?`}
        action="Disable"
        onConfirm={() => patch({ disabled: true }, `${name} is disabled`)}
      >
        {name} is logged out, and {tokenWords(account.tokens)} for good. You can enable the account again later; the
        tokens stay revoked.
      </Confirm>
      <Confirm
        isOpen={asked === 'remove'}
        isGrave
        onClose={() => setAsked(undefined)}
        title={`Remove ${name}?`}
        action="Remove"
        onConfirm={async () => {
          await answer(api.DELETE('/api/accounts/{id}', path));
          onGone();
          await renew();
          say(`${name} is removed`);
        }}
      >
        The account goes for good; {tokenWords(account.tokens)}. The audit trail keeps what was done by it.
      </Confirm>
    </>
  );
}

function tokenWords(count: number): string {
  if (count === 0) return 'it has no tokens that could be revoked';
  return count === 1 ? 'its token is revoked' : `its ${formatCount(count)} tokens are revoked`;
}

function waysIn({ hasPassword, hasSingleSignOn }: AccountRow): string {
  const ways = [...(hasPassword ? ['password'] : []), ...(hasSingleSignOn ? ['single sign-on'] : [])];
  return ways.length === 0 ? 'Nothing yet: the invitation waits' : ways.join(', ');
}
