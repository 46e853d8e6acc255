import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { formatDuration } from '../../format/format.js';
import { Button, LinkButton } from '../../ui/button.js';
import { DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Form, TextField } from '../../ui/field.js';
import { Loading } from '../../ui/loading.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import styles from './compare-page.module.css';
import { compareParts, factsOf } from './compare.js';
import type { Trace } from './spans.js';
import { keyOfTrace, TRACE_COLUMNS } from './trace-columns.js';
import { summariesQuery, traceQuery } from './use-traces.js';
import { PlainTable } from '../../ui/plain-table.js';

const route = getRouteApi('/framed/traces/compare');
const LIKE_MAX = 20;

/** Two requests side by side, part by part. */
export function ComparePage(): ReactNode {
  const { a, b }: { a?: string; b?: string } = route.useSearch();
  const [first, second] = [useRequest(a), useRequest(b)];
  const error = first.error ?? second.error;
  return (
    <Page
      title="Compare two requests"
      lead="Part by part, with what is different between them."
      actions={a !== undefined && b !== undefined && <Swap a={a} b={b} />}
    >
      {error && <Problem what="A request could not be found" error={error} />}
      {a === undefined && (
        <EmptyState title="Which request?" action={<LinkButton to="/traces">Search for one</LinkButton>}>
          <p>Open a request and choose “Compare” there.</p>
        </EmptyState>
      )}
      {a !== undefined && !first.trace && !error && <Loading what="the request" />}
      {first.trace && b === undefined && <ChooseOther first={first.trace} />}
      {first.trace && second.trace && <Comparison a={first.trace} b={second.trace} />}
    </Page>
  );
}

function useRequest(id: string | undefined): { trace: Trace | undefined; error: Error | null } {
  const { data, error } = useQuery({ ...traceQuery(id ?? ''), enabled: id !== undefined });
  return { trace: data?.traces.find(({ requestId }) => requestId === id) ?? data?.traces[0], error };
}

function Swap({ a, b }: { readonly a: string; readonly b: string }): ReactNode {
  return (
    <>
      <LinkButton to="/traces/compare" search={{ a: b, b: a }}>
        Swap
      </LinkButton>
      <LinkButton to="/traces/compare" search={{ a }}>
        Choose another
      </LinkButton>
    </>
  );
}

/** The second request: by its id, or one of those that asked for the same. */
function ChooseOther({ first }: { readonly first: Trace }): ReactNode {
  const navigate = route.useNavigate();
  const [id, setId] = useState('');
  const like = useQuery(
    summariesQuery(
      [
        { key: 'operation', not: false, any: [first.operation] },
        { key: 'request', not: true, any: [first.requestId] },
      ],
      LIKE_MAX,
    ),
  );
  const choose = (b: string) => void navigate({ search: { a: first.requestId, b } });
  return (
    <Card title={`Compare ${first.spans[0]?.name ?? first.operation} (${formatDuration(first.durationMs)}) with`}>
      <Form
        className={styles['form'] ?? ''}
        onSubmit={(event) => {
          event.preventDefault();
          if (id.trim() !== '') choose(id.trim());
        }}
      >
        <TextField label="Id of a request or a trace" value={id} onChange={({ target }) => setId(target.value)} />
        <Button type="submit">Compare</Button>
      </Form>
      {like.data && like.data.length > 0 && (
        <>
          <p className={styles['or']}>or with one that asked for the same:</p>
          <DataTable
            label="Requests that asked for the same"
            columns={TRACE_COLUMNS}
            rows={like.data}
            keyOf={keyOfTrace}
            onOpen={({ requestId }) => choose(requestId)}
          />
        </>
      )}
    </Card>
  );
}

function Comparison({ a, b }: { readonly a: Trace; readonly b: Trace }): ReactNode {
  const parts = compareParts(a, b);
  const longestMs = Math.max(a.durationMs, b.durationMs, 0.001);
  const facts = factsOf(a).map(([name, value], at) => ({ name, a: value, b: factsOf(b)[at]?.[1] ?? '–' }));
  return (
    <>
      <Card title="Time by part">
        <PlainTable label="Time by part" className={styles['compared']}>
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col">
                <RequestLink trace={a} name="A" />
              </th>
              <th scope="col">
                <RequestLink trace={b} name="B" />
              </th>
              <th scope="col">B against A</th>
            </tr>
          </thead>
          <tbody>
            <tr className={styles['total']}>
              <th scope="row">The whole request</th>
              <Time ms={a.durationMs} of={longestMs} />
              <Time ms={b.durationMs} of={longestMs} />
              <Difference aMs={a.durationMs} bMs={b.durationMs} />
            </tr>
            {parts.map(({ name, aMs, bMs, counts }) => (
              <tr key={name}>
                <th scope="row">
                  {name}
                  {Math.max(...counts) > 1 && ` (${counts[0]} and ${counts[1]} times)`}
                </th>
                <Time ms={aMs} of={longestMs} />
                <Time ms={bMs} of={longestMs} />
                <Difference aMs={aMs ?? 0} bMs={bMs ?? 0} />
              </tr>
            ))}
          </tbody>
        </PlainTable>
      </Card>
      <Card title="What is different">
        <PlainTable label="What is different" className={styles['compared']}>
          <thead>
            <tr>
              <th scope="col">Property</th>
              <th scope="col">A</th>
              <th scope="col">B</th>
            </tr>
          </thead>
          <tbody>
            {facts.map((fact) => (
              <tr key={fact.name} className={fact.a === fact.b ? styles['same'] : undefined}>
                <th scope="row">{fact.name}</th>
                <td>{fact.a}</td>
                <td>{fact.a === fact.b ? `${fact.b} (the same)` : fact.b}</td>
              </tr>
            ))}
          </tbody>
        </PlainTable>
      </Card>
    </>
  );
}

function RequestLink({ trace, name }: { readonly trace: Trace; readonly name: string }): ReactNode {
  return (
    <Link to="/traces/$id" params={{ id: trace.traceId }} search={{ request: trace.requestId }}>
      {name}: {trace.requestId.slice(0, 12)}
    </Link>
  );
}

function Time({ ms, of }: { readonly ms: number | undefined; readonly of: number }): ReactNode {
  if (ms === undefined) return <td>–</td>;
  return (
    <td>
      {formatDuration(ms)}
      <span className={styles['bar']} style={{ '--long': `${Math.min(100, (ms / of) * 100)}%` }} aria-hidden />
    </td>
  );
}

function Difference({ aMs, bMs }: { readonly aMs: number; readonly bMs: number }): ReactNode {
  const ms = bMs - aMs;
  if (Math.abs(ms) < 0.01) return <td>the same</td>;
  return (
    <td className={ms > 0 ? styles['slower'] : styles['faster']}>
      {formatDuration(Math.abs(ms))} {ms > 0 ? 'slower' : 'faster'}
    </td>
  );
}
