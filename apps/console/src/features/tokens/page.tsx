import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatAgo, formatCount } from '../../format/format.js';
import { useShortcut } from '../../frame/use-shortcuts.js';
import { useSession } from '../../session/use-session.js';
import { Button } from '../../ui/button.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Loading } from '../../ui/loading.js';
import { Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Ago, useNow } from '../../ui/time.js';
import { TokenStatus } from './condition.js';
import { CreateToken } from './create-token.js';
import { DayBars } from './day-bars.js';
import { TokenFilters } from './filters.js';
import { tokensQuery, type Token } from './queries.js';
import { parseTokenSearch, type TokenSearch } from './search.js';
import styles from './tokens.module.css';

/** The access tokens that the person may see. */
export function TokensPage(): ReactNode {
  const search = parseTokenSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { may } = useSession();
  const set = (changes: Partial<Record<keyof TokenSearch, unknown>>, replace = true) =>
    void navigate({
      to: '/tokens',
      search: parseTokenSearch({ ...search, ...changes }),
      replace,
      ignoreBlocker: 'create' in changes,
    });
  const mayMake = may('tokens:write-own');
  useShortcut('create', () => set({ create: true }, false), mayMake);
  const create = mayMake && (
    <Button kind="primary" onClick={() => set({ create: true }, false)}>
      <Plus size={16} aria-hidden /> New token
    </Button>
  );
  return (
    <Page
      title="Tokens"
      lead="Programs show a token to be let in. Its secret is shown once, when it is made."
      actions={create}
    >
      <TokenFilters search={search} onChange={set} seesAll={may('tokens:read')} />
      <TokenList search={search} create={create} onClear={() => void navigate({ to: '/tokens', search: {} })} />
      {mayMake && search.create && <CreateToken onClose={() => set({ create: undefined })} />}
    </Page>
  );
}

function TokenList({
  search,
  create,
  onClear,
}: {
  readonly search: TokenSearch;
  readonly create: ReactNode;
  readonly onClear: () => void;
}): ReactNode {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    tokensQuery(search),
  );
  const navigate = useNavigate();
  const { may } = useSession();
  const nowMs = useNow();
  if (error && !data)
    return <Problem what="The tokens could not be read" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading what="The tokens" />;
  const rows = data.pages.flatMap(({ tokens }) => tokens);
  const total = data.pages[0]?.total ?? 0;
  if (total === 0) return <NoTokens search={search} create={create} onClear={onClear} />;
  return (
    <>
      <div className={styles['count']} role="status">
        {total === 1 ? '1 token' : `${formatCount(total)} tokens`}
      </div>
      <DataTable
        label="Tokens"
        columns={columnsFor(may('tokens:read'), nowMs)}
        rows={rows}
        keyOf={({ id }) => id}
        onOpen={({ id }) => void navigate({ to: '/tokens/$id', params: { id } })}
        onNearEnd={() => {
          if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
        }}
      />
    </>
  );
}

function columnsFor(seesAll: boolean, nowMs: number): Column<Token>[] {
  return [
    {
      id: 'name',
      label: 'Name',
      width: 'minmax(12rem, 2fr)',
      cell: ({ id, name, publicPart }) => (
        <span className={styles['name']} title={`${name} (${publicPart}…)`}>
          <Link to="/tokens/$id" params={{ id }} tabIndex={-1}>
            {name}
          </Link>
          <small>{publicPart.slice('cas_pat_'.length)}</small>
        </span>
      ),
    },
    {
      id: 'status',
      label: 'Status',
      width: '10.5rem',
      phoneWidth: '8.5rem',
      cell: (token) => <TokenStatus token={token} />,
    },
    { id: 'days', label: 'Last 7 days', width: '8rem', shown: 'wide', cell: ({ days }) => <DayBars days={days} /> },
    {
      id: 'used',
      label: 'Last used',
      width: '9rem',
      phoneWidth: '5.5rem',
      cell: ({ lastUsed }) => (lastUsed === null ? 'Never' : <Ago ms={lastUsed.atMs} />),
    },
    {
      id: 'expires',
      label: 'Expires',
      width: '8rem',
      shown: 'wide',
      cell: ({ expiresAtMs }) => (expiresAtMs === null ? 'Never' : formatAgo(expiresAtMs, nowMs)),
    },
    {
      id: 'scopes',
      label: 'Scopes',
      shown: 'wide',
      width: 'minmax(8rem, 1fr)',
      cell: ({ scopes }) => <span title={scopes.join(', ')}>{scopes.join(', ')}</span>,
    },
    ...(seesAll
      ? [{ id: 'owner', label: 'Owner', shown: 'wide' as const, width: '9rem', cell: (token: Token) => ownerOf(token) }]
      : []),
  ];
}

function ownerOf({ owner, ownerId }: Token): ReactNode {
  if (owner !== null) return <span title={owner.email}>{owner.name}</span>;
  return ownerId === null ? 'Made on the host' : 'Account gone';
}

function NoTokens({
  search,
  create,
  onClear,
}: {
  readonly search: TokenSearch;
  readonly create: ReactNode;
  readonly onClear: () => void;
}): ReactNode {
  const { order: _, create: __, ...filters } = search;
  if (Object.keys(filters).length > 0) {
    return (
      <EmptyState title="No token is like that" action={<Button onClick={onClear}>Show all tokens</Button>}>
        No token that you may see matches these filters. Tokens that have ended are shown only when “Ended, too” is
        ticked.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="There are no tokens yet" action={create}>
      A token lets a program use the service from outside, and tells you what it did. Make one for each program, so that
      each can be revoked alone.
    </EmptyState>
  );
}
