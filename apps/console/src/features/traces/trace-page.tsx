import { Braces, GitCompareArrows, Link2 } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { errorOf } from '../../api/error-of.js';
import { answer, api } from '../../api/client.js';
import { formatDuration, formatShare } from '../../format/format.js';
import { printQuery } from '../../query/print.js';
import { Button, LinkButton } from '../../ui/button.js';
import { CopyButton, useCopy } from '../../ui/copy.js';
import { Facts } from '../../ui/facts.js';
import { Loading } from '../../ui/loading.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Instant } from '../../ui/time.js';
import { TRACES } from './language.js';
import { Outcome } from './outcome.js';
import { RequestDetails } from './request-details.js';
import { SourcesNotice } from './sources.js';
import type { Trace } from './spans.js';
import { StoredInputCard } from './stored-input.js';
import { traceQuery } from './use-traces.js';

const route = getRouteApi('/framed/traces/$id');

/** What one request did; the requests of the same trace beside it. */
export function TracePage(): ReactNode {
  const { id } = route.useParams();
  const search: { request?: string; span?: string } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(traceQuery(id));
  const trace = data?.traces.find(({ requestId }) => requestId === search.request) ?? data?.traces[0];
  if (!data || !trace) {
    return (
      <Page title="Trace">
        {error ? (
          <Problem what="This request could not be found" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading what="the request" rows={8} />
        )}
        <p>
          <Link to="/traces">Search all requests</Link>
        </p>
      </Page>
    );
  }
  return (
    <Page title={trace.spans[0]?.name ?? trace.operation} actions={<Actions trace={trace} id={id} />}>
      <SourcesNotice sources={data.sources.filter(({ kind }) => kind === 'database')} />
      {data.traces.length > 1 && <Siblings traces={data.traces} id={id} current={trace} />}
      <TraceFacts trace={trace} />
      <Card title="Parts">
        <RequestDetails
          key={trace.requestId}
          trace={trace}
          selectedId={search.span}
          onSelect={(span) => void navigate({ search: { ...search, span }, replace: true })}
          onFilter={(term) => void navigate({ to: '/traces', search: { q: printQuery([term], TRACES) } })}
        />
      </Card>
      <StoredInputCard key={`${trace.requestId} input`} trace={trace} />
    </Page>
  );
}

function Actions({ trace, id }: { readonly trace: Trace; readonly id: string }): ReactNode {
  const link = useCopy();
  const otlp = useCopy();
  const [error, setError] = useState<Error>();
  const copyOtlp = async () => {
    setError(undefined);
    try {
      const json = await answer(api.GET('/api/traces/{id}/otlp', { params: { path: { id } } }));
      otlp.copy(JSON.stringify(json, null, 2));
    } catch (err) {
      setError(errorOf(err));
    }
  };
  return (
    <>
      <Button onClick={() => link.copy(window.location.href)}>
        <Link2 size={15} aria-hidden /> {link.state === 'copied' ? 'Copied' : 'Copy link'}
      </Button>
      <Button onClick={() => void copyOtlp()}>
        <Braces size={15} aria-hidden /> {OTLP[otlp.state]}
      </Button>
      <LinkButton to="/traces/compare" search={{ a: trace.requestId }}>
        <GitCompareArrows size={15} aria-hidden /> Compare
      </LinkButton>
      {error && <Problem what="The OTLP JSON could not be read" error={error} />}
    </>
  );
}

const OTLP = { idle: 'Copy as OTLP JSON', copied: 'Copied', refused: 'The browser does not allow it' };

/** Other requests of the same trace, such as further calls of one caller. */
function Siblings({
  traces,
  id,
  current,
}: {
  readonly traces: Trace[];
  readonly id: string;
  readonly current: Trace;
}): ReactNode {
  return (
    <p>
      {traces.length} requests belong to this trace:{' '}
      {traces.map(({ requestId, operation, durationMs }) =>
        requestId === current.requestId ? (
          <strong key={requestId}>
            {operation} {formatDuration(durationMs)}{' '}
          </strong>
        ) : (
          <Link key={requestId} to="/traces/$id" params={{ id }} search={{ request: requestId }}>
            {operation} {formatDuration(durationMs)}{' '}
          </Link>
        ),
      )}
    </p>
  );
}

function TraceFacts({ trace }: { readonly trace: Trace }): ReactNode {
  const { batchItems, batchItemsMax } = trace;
  const fill =
    batchItems !== null && batchItemsMax !== null ? ` (${formatShare(batchItems / batchItemsMax)} full)` : '';
  return (
    <Facts
      facts={[
        ['Outcome', <Outcome key="outcome" outcome={trace.outcome} />],
        ['Took', formatDuration(trace.durationMs)],
        ['Began', <Instant key="began" ms={trace.startedAtMs} />],
        ['Model', trace.model ?? '–'],
        ['Items', String(trace.items)],
        ['Token', trace.tokenName ?? trace.tokenId],
        ['Came by', trace.protocol],
        ['Process', trace.pod],
        ['Waited for a batch', trace.queueMs === null ? '–' : formatDuration(trace.queueMs)],
        ['Batch', batchItems === null ? '–' : `${batchItems} ${batchItems === 1 ? 'item' : 'items'}${fill}`],
        ['Kept', KEPT[trace.kept] ?? trace.kept],
        [
          'Request',
          <span key="request">
            <code>{trace.requestId}</code> <CopyButton text={trace.requestId} label="Copy the request id" />
          </span>,
        ],
      ]}
    />
  );
}

const KEPT: Readonly<Record<string, string>> = {
  ...{ sampled: 'since it was sampled', failed: 'since it failed', slow: 'since it was among the slowest' },
  quiet: 'since there was little to do',
};
