import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { formatCount } from '../../format/format.js';
import { useShortcut } from '../../frame/use-shortcuts.js';
import { useSession } from '../../session/use-session.js';
import { Button } from '../../ui/button.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { SelectField, TextField } from '../../ui/field.js';
import { Loading } from '../../ui/loading.js';
import { Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Ago, useNow } from '../../ui/time.js';
import { AccountDrawer } from './account-drawer.js';
import { AccountStatus } from './account-status.js';
import styles from './accounts.module.css';
import { InvitePerson } from './invite-person.js';
import { accountsQuery, type AccountRow } from './queries.js';
import { RolesCard } from './roles-card.js';
import { parseAccountSearch, ROLES, type AccountSearch } from './search.js';

/** People and their roles. */
export function AccountsPage(): ReactNode {
  const search = parseAccountSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { may } = useSession();
  const input = useRef<HTMLInputElement>(null);
  const set = (changes: Partial<Record<keyof AccountSearch, unknown>>, replace = true) =>
    void navigate({
      to: '/accounts',
      search: parseAccountSearch({ ...search, ...changes }),
      replace,
      ignoreBlocker: 'invite' in changes,
    });
  const mayChange = may('accounts:write');
  useShortcut('create', () => set({ invite: true }, false), mayChange);
  useShortcut('search', () => input.current?.focus());
  const invite = mayChange && (
    <Button kind="primary" onClick={() => set({ invite: true }, false)}>
      <UserPlus size={16} aria-hidden /> Invite somebody
    </Button>
  );
  return (
    <Page title="Accounts" lead="The people of this console, and what each may do." actions={invite}>
      <search className={styles['filters']}>
        <TextField
          ref={input}
          label="Name or address"
          type="search"
          value={search.search ?? ''}
          onChange={({ target }) => set({ search: target.value })}
        />
        <SelectField label="Role" value={search.role ?? ''} onChange={({ target }) => set({ role: target.value })}>
          <option value="">Any</option>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {role}
            </option>
          ))}
        </SelectField>
      </search>
      <AccountList search={search} onClear={() => void navigate({ to: '/accounts', search: {} })} />
      <RolesCard />
      {mayChange && search.invite && <InvitePerson onClose={() => set({ invite: undefined })} />}
    </Page>
  );
}

function AccountList({ search, onClear }: { readonly search: AccountSearch; readonly onClear: () => void }): ReactNode {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    accountsQuery(search),
  );
  const [openId, setOpen] = useState<string>();
  const nowMs = useNow();
  if (error && !data)
    return <Problem what="The accounts could not be read" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading what="The accounts" />;
  const rows = data.pages.flatMap(({ accounts }) => accounts);
  const total = data.pages[0]?.total ?? 0;
  const open = rows.find(({ id }) => id === openId);
  if (total === 0) {
    return (
      <EmptyState title="Nobody is like that" action={<Button onClick={onClear}>Show everybody</Button>}>
        No account matches these filters.
      </EmptyState>
    );
  }
  return (
    <>
      <div className={styles['count']} role="status">
        {total === 1 ? '1 account' : `${formatCount(total)} accounts`}
      </div>
      <DataTable
        label="Accounts"
        columns={columnsAt(nowMs)}
        rows={rows}
        keyOf={({ id }) => id}
        onOpen={({ id }) => setOpen(id)}
        openKey={openId}
        onNearEnd={() => {
          if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
        }}
      />
      {open && <AccountDrawer account={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function columnsAt(nowMs: number): Column<AccountRow>[] {
  return [
    {
      id: 'person',
      label: 'Person',
      width: 'minmax(14rem, 2fr)',
      cell: ({ name, email }) => (
        <span className={styles['person']} title={`${name} (${email})`}>
          {name}
          <small>{email}</small>
        </span>
      ),
    },
    { id: 'role', label: 'Role', width: '6rem', cell: ({ role }) => role },
    {
      id: 'status',
      label: 'Status',
      width: '13rem',
      cell: (account) => <AccountStatus account={account} nowMs={nowMs} />,
    },
    {
      id: 'tokens',
      label: 'Tokens',
      width: '5rem',
      isNumber: true,
      shown: 'wide',
      cell: ({ tokens }) => formatCount(tokens),
    },
    {
      id: 'sessions',
      label: 'Sessions',
      width: '6rem',
      isNumber: true,
      shown: 'wide',
      cell: ({ sessions }) => formatCount(sessions),
    },
    {
      id: 'seen',
      label: 'Last seen',
      width: '9rem',
      shown: 'wide',
      cell: ({ lastSeenAtMs }) => (lastSeenAtMs === null ? 'Never' : <Ago ms={lastSeenAtMs} />),
    },
  ];
}
