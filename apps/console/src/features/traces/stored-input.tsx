import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { answer, api, type Schemas } from '../../api/client.js';
import { ApiFailure } from '../../api/failure.js';
import { formatBytes, formatCount } from '../../format/format.js';
import { useSession } from '../../session/use-session.js';
import { Button } from '../../ui/button.js';
import { Confirm } from '../../ui/dialog.js';
import { Card } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Ago } from '../../ui/time.js';
import { Replay } from './replay.js';
import type { Trace } from './spans.js';
import styles from './stored-input.module.css';

type Stored = Schemas['StoredRequestView'];

/** What a request sent, where its token has that stored: looked at when somebody asks for it, since that is audited. */
export function StoredInputCard({ trace }: { readonly trace: Trace }): ReactNode {
  const { may } = useSession();
  const counts = useQuery({
    queryKey: ['traces', 'stored', trace.tokenId],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/stored-requests', { params: { query: { token: trace.tokenId } }, signal })),
  });
  const read = useMutation({
    mutationFn: () => answer(api.GET('/api/traces/{id}/input', { params: { path: { id: trace.traceId } } })),
  });
  if (!counts.data || trace.tokenId === 'anonymous' || trace.tokenId === 'unauthenticated') return null;
  const { isOn, hours, requests, bytes, sinceMs } = counts.data;
  const isNothing = read.error instanceof ApiFailure && read.error.status === 404;
  return (
    <Card
      title="What it sent"
      actions={requests > 0 && !read.data && <Button onClick={() => read.mutate()}>Show what it sent (audited)</Button>}
    >
      <p className={styles['note']}>
        {isOn
          ? `Texts and images are stored for ${hours} hours, only of tokens that have opted in.`
          : 'This service stores no texts and images. Set CAS_STORED_INPUT_HOURS, and opt a token in, to run requests again.'}{' '}
        {requests > 0 && sinceMs !== null && (
          <>
            Of this token {formatCount(requests)} requests are stored, {formatBytes(bytes)}, the oldest{' '}
            <Ago ms={sinceMs} />.
          </>
        )}
      </p>
      {isOn && requests === 0 && may('tokens:write-own') && <OptIn trace={trace} />}
      {isNothing && <p>Of this request nothing is stored: it was too large, too old, or was removed.</p>}
      {read.error && !isNothing && <Problem what="What it sent could not be read" error={read.error} />}
      {read.data && (
        <>
          <Items items={read.data.items} />
          {may('tokens:write-own') && <Removal trace={trace} onRemoved={() => read.reset()} />}
          {may('tokens:write-own') && <Replay trace={trace} items={read.data.items} />}
        </>
      )}
    </Card>
  );
}

/** Has what the token sends stored from now on, or no more. */
function OptIn({ trace: { tokenId, tokenName } }: { readonly trace: Trace }): ReactNode {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (storesInputs: boolean) =>
      answer(api.PATCH('/api/tokens/{id}', { params: { path: { id: tokenId } }, body: { storesInputs } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (change.data?.storesInputs === true) {
    return (
      <p className={styles['row']}>
        What “{tokenName}” sends is stored from now on. <Button onClick={() => change.mutate(false)}>Stop that</Button>
      </p>
    );
  }
  return (
    <>
      <Button isBusy={change.isPending} onClick={() => change.mutate(true)}>
        Store what “{tokenName}” sends from now on
      </Button>
      {change.error && <Problem what="The token could not be changed" error={change.error} />}
    </>
  );
}

/** Removes what is stored: of this request, or all of the token. */
function Removal({ trace, onRemoved }: { readonly trace: Trace; readonly onRemoved: () => void }): ReactNode {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<'one' | 'all'>();
  const remove = async () => {
    await (asked === 'one'
      ? answer(api.DELETE('/api/traces/{id}/input', { params: { path: { id: trace.traceId } } }))
      : answer(api.DELETE('/api/stored-requests', { params: { query: { token: trace.tokenId } } })));
    await queries.invalidateQueries({ queryKey: ['traces', 'stored'] });
    onRemoved();
  };
  return (
    <p className={styles['row']}>
      <Button onClick={() => setAsked('one')}>Remove it</Button>
      <Button onClick={() => setAsked('all')}>Remove all of the token</Button>
      <Confirm
        isOpen={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={asked === 'one' ? 'Remove what this request sent?' : `Remove all that “${trace.tokenName}” sent?`}
        action="Remove"
        isGrave
        onConfirm={remove}
      >
        <p>It cannot be run again afterwards. The traces stay.</p>
      </Confirm>
    </p>
  );
}

function Items({ items }: { readonly items: Stored['items'] }): ReactNode {
  return (
    <ol className={styles['items']} aria-label="What it sent">
      {items.map((item, at) => (
        // The place of an item is what it is known by.
        <li key={at}>
          <StoredItem item={item} />
        </li>
      ))}
    </ol>
  );
}

/** A text as it came, an image as a picture, an address as a text. */
function StoredItem({ item }: { readonly item: Stored['items'][number] }): ReactNode {
  const url = useMemo(() => (item.kind === 'image' ? objectUrlOf(item.value) : undefined), [item]);
  useEffect(() => () => (url === undefined ? undefined : URL.revokeObjectURL(url)), [url]);
  if (url !== undefined) return <img src={url} alt="An image of the request" className={styles['image']} />;
  return item.kind === 'text' ? <span>{item.value}</span> : <code>{item.value}</code>;
}

function objectUrlOf(base64: string): string {
  return URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
}
