import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../../api/client.js';
import { parseQuery } from '../../query/parse.js';
import { Button } from '../../ui/button.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Drawer } from '../../ui/dialog.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Loading } from '../../ui/loading.js';
import { Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Ago } from '../../ui/time.js';
import { AuditFilters } from './audit-filters.js';
import { auditFilterOf, auditSearchOf, type AuditSearch } from './audit-search.js';
import { actionWords } from '../../format/audit-words.js';
import styles from './audit.module.css';
import { EventDetails } from './event-details.js';
import { AUDIT } from './language.js';
import { valuesIn } from './values-in.js';
import { VerifyCard } from './verify-card.js';

type Event = Schemas['AuditEventView'];

const PAGE_EVENTS = 100;
const FIRST_PAGE: number | null = null;

/** Who changed what, from what to what, and whether anybody changed the trail itself. */
export function AuditPage(): ReactNode {
  const search = auditSearchOf(useSearch({ strict: false }));
  const navigate = useNavigate();
  const change = (next: AuditSearch) => void navigate({ to: '/audit', search: next, replace: true });
  const { q = '' } = search;
  const { terms, problems } = parseQuery(q, AUDIT);
  const isUnderstood = problems.length === 0;
  const filter = auditFilterOf(terms, search);
  const trail = useInfiniteQuery({
    queryKey: ['audit', filter],
    enabled: isUnderstood,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: PAGE_EVENTS, ...(pageParam === null ? {} : { cursor: pageParam }) };
      return answer(api.GET('/api/audit', { params: { query }, signal }));
    },
    initialPageParam: FIRST_PAGE,
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: keepPreviousData,
  });
  const events = (isUnderstood ? trail.data?.pages : undefined)?.flatMap((page) => page.events) ?? [];
  const open = search.event === undefined ? undefined : events.find(({ seq }) => seq === search.event);
  const { event: _, ...filters } = search;
  const isFiltered = Object.keys(filters).length > 0;
  const span = new URLSearchParams(
    Object.entries({ from: filter.from, to: filter.to }).flatMap(([key, value]) => (value ? [[key, value]] : [])),
  ).toString();
  return (
    <Page
      title="Audit"
      lead="Every change that somebody made: who, what, from what to what. Nothing of it can be changed without being seen."
      actions={
        <>
          <a className={styles['download']} href={`/api/audit/export?${span}`} download>
            <Download size={15} aria-hidden /> JSON Lines
          </a>
          <a className={styles['download']} href={`/api/audit.csv?${new URLSearchParams(filter).toString()}`} download>
            <Download size={15} aria-hidden /> CSV
          </a>
        </>
      }
    >
      <VerifyCard />
      <AuditFilters search={search} terms={terms} valuesOf={(key) => valuesIn(events, key)} onChange={change} />
      {trail.error && (
        <Problem what="The trail could not be read" error={trail.error} onRetry={() => void trail.refetch()} />
      )}
      {isUnderstood && !trail.data && !trail.error && <Loading what="The trail loads" rows={10} />}
      {isUnderstood && trail.data && events.length === 0 && !trail.hasNextPage && (
        <EmptyState
          title={isFiltered ? 'No change is like that' : 'Nobody has changed anything yet'}
          action={isFiltered ? <Button onClick={() => change({})}>Show the whole trail</Button> : undefined}
        >
          Log-ins, tokens, accounts, models, settings and the log level are written down here, each with what was before
          and after.
        </EmptyState>
      )}
      {isUnderstood && (events.length > 0 || trail.hasNextPage) && (
        <DataTable
          label="Changes, the newest first"
          columns={columns}
          rows={events}
          keyOf={({ seq }) => String(seq)}
          openKey={search.event === undefined ? undefined : String(search.event)}
          onOpen={({ seq }) => change({ ...search, event: seq })}
          onNearEnd={() => {
            if (trail.hasNextPage && !trail.isFetching) void trail.fetchNextPage();
          }}
        />
      )}
      {isUnderstood && trail.hasNextPage && (
        <p className={styles['more']}>
          <Button isBusy={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
            Look further back
          </Button>
        </p>
      )}
      <Drawer
        isOpen={search.event !== undefined}
        onClose={() => change(filters)}
        title={open ? `Event ${open.seq}` : `Event ${search.event ?? ''}`}
      >
        {open ? (
          <EventDetails event={open} onFilter={change} />
        ) : (
          <p>This event is not among those that are shown. Show the whole trail and look further back.</p>
        )}
      </Drawer>
    </Page>
  );
}

const columns: readonly Column<Event>[] = [
  { id: 'when', label: 'When', width: '10rem', phoneWidth: '5.5rem', cell: ({ atMs }) => <Ago ms={atMs} /> },
  {
    id: 'who',
    label: 'Who',
    width: 'minmax(10rem, 1.2fr)',
    cell: ({ actor }) => <span title={actor.name}>{actor.name}</span>,
  },
  {
    id: 'what',
    label: 'What',
    width: 'minmax(14rem, 2fr)',
    phoneWidth: 'minmax(0, 2.2fr)',
    cell: ({ action, target, actor }) => (
      <>
        {actionWords(action)}
        {target.name !== actor.name && target.name !== target.kind && (
          <>
            {' '}
            <strong>{target.name}</strong>
          </>
        )}
      </>
    ),
  },
  { id: 'from', label: 'From', width: '9rem', shown: 'wide', cell: ({ actor }) => actor.from ?? 'the service itself' },
  { id: 'seq', label: 'No.', width: '5rem', shown: 'wide', isNumber: true, cell: ({ seq }) => seq },
];
