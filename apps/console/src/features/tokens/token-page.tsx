import { useQuery } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { ApiFailure } from '../../api/failure.js';
import { formatCount, formatInstant } from '../../format/format.js';
import { useSession } from '../../session/use-session.js';
import { Button, LinkButton } from '../../ui/button.js';
import { Chart } from '../../ui/chart.js';
import { CopyButton } from '../../ui/copy.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Loading } from '../../ui/loading.js';
import { Notice } from '../../ui/notice.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Ago } from '../../ui/time.js';
import { TokenConditions } from './condition.js';
import { EditToken } from './edit-token.js';
import { FirstRequest } from './issued.js';
import { tokenQuery, type Token } from './queries.js';
import { RevokeToken } from './revoke-token.js';
import { draftOf } from './rights-draft.js';
import { Could } from './rights-fields.js';
import { RotateToken } from './rotate-token.js';
import { RotationCard } from './rotation-card.js';
import styles from './tokens.module.css';
import { useTokenChange } from './use-token-change.js';
import { FactList } from '../../ui/fact-list.js';

/** Everything about one token. */
export function TokenPage(): ReactNode {
  const { id = '' } = useParams({ strict: false });
  const { data: token, error, refetch } = useQuery(tokenQuery(id));
  if (error && !token) {
    const isGone = error instanceof ApiFailure && error.status === 404;
    return (
      <Page title="Token">
        {isGone ? (
          <EmptyState title="There is no such token" action={<LinkButton to="/tokens">See all tokens</LinkButton>}>
            The link may be old, or the token belongs to somebody else.
          </EmptyState>
        ) : (
          <Problem what="The token could not be read" error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  if (!token) return <Loading what="The token" />;
  return <Shown token={token} />;
}

type Open = 'edit' | 'rotate' | 'revoke' | undefined;

function Shown({ token }: { readonly token: Token }): ReactNode {
  const { may, account } = useSession();
  const [open, setOpen] = useState<Open>();
  const isOwn = account !== null && token.ownerId === account.id;
  const mayChange = may(isOwn ? 'tokens:write-own' : 'tokens:write');
  const isActive = token.status === 'active';
  const close = () => setOpen(undefined);
  return (
    <Page
      title={token.name}
      lead={<PublicPart token={token} />}
      actions={
        mayChange &&
        isActive && (
          <>
            {token.purpose === null && (
              <>
                <Button onClick={() => setOpen('edit')}>Edit</Button>
                <Button onClick={() => setOpen('rotate')}>Rotate</Button>
              </>
            )}
            <Button kind="grave" onClick={() => setOpen('revoke')}>
              Revoke
            </Button>
          </>
        )
      }
    >
      {mayChange && token.restorableUntilMs !== null && <Restore token={token} />}
      {isActive && token.purpose === null && token.lastUsed === null && (
        <FirstRequest id={token.id} hint="This turns green by itself when a program sends the token." />
      )}
      <div className={styles['two']}>
        <Card title="Status">
          <TokenConditions token={token} />
        </Card>
        <Card title="Facts">
          <Facts token={token} />
        </Card>
      </div>
      {token.rotation !== null && <RotationCard token={token} mayChange={mayChange} />}
      <Card title="Last 7 days" actions={<Elsewhere token={token} />}>
        <Chart
          label="Requests a day"
          kind="bars"
          timesMs={token.days.map(({ startMs }) => startMs)}
          format={formatCount}
          series={[
            { label: 'Let in', values: token.days.map(({ requests }) => requests) },
            { label: 'Turned away by limits', values: token.days.map(({ refused }) => refused) },
            { label: 'Not allowed', values: token.days.map(({ denied }) => denied) },
          ]}
        />
      </Card>
      <Card title="What it may do">
        <Could draft={draftOf(token)} />
      </Card>
      {open === 'edit' && <EditToken token={token} onClose={close} />}
      {open === 'rotate' && <RotateToken token={token} onClose={close} />}
      {open === 'revoke' && <RevokeToken token={token} onClose={close} />}
    </Page>
  );
}

/** Pages of other features, which have addresses of their own. */
function Elsewhere({ token: { id } }: { readonly token: Token }): ReactNode {
  const router = useRouter();
  const link = (href: string, words: string) => (
    <a
      href={href}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        router.history.push(href);
      }}
    >
      {words}
    </a>
  );
  return (
    <>
      {link(`/usage?token=${id}`, 'Its usage')}
      {link(`/traces?q=${encodeURIComponent(`token:${id}`)}`, 'Its requests')}
    </>
  );
}

function PublicPart({ token: { publicPart } }: { readonly token: Token }): ReactNode {
  return (
    <>
      <code>{publicPart}…</code> <CopyButton text={publicPart} label="Copy the public part" />
    </>
  );
}

function Facts({ token }: { readonly token: Token }): ReactNode {
  const { owner, ownerId, lastUsed, expiresAtMs, createdAtMs } = token;
  return (
    <FactList>
      <dt>Owner</dt>
      <dd>
        {owner === null
          ? ownerId === null
            ? 'Made on the host'
            : 'Its account is gone'
          : `${owner.name} (${owner.email})`}
      </dd>
      <dt>Created</dt>
      <dd>{formatInstant(createdAtMs)}</dd>
      <dt>Expires</dt>
      <dd>{expiresAtMs === null ? 'Never' : formatInstant(expiresAtMs)}</dd>
      <dt>Last used</dt>
      <dd>
        {lastUsed === null ? (
          'Never'
        ) : (
          <>
            <Ago ms={lastUsed.atMs} />
            {lastUsed.protocol !== null && ` over ${lastUsed.protocol}`}
            {lastUsed.model !== null && ` for ${lastUsed.model}`}
            {lastUsed.from !== null && ` from ${lastUsed.from}`}
          </>
        )}
      </dd>
      <dt>Id</dt>
      <dd>
        <code>{token.id}</code>
      </dd>
    </FactList>
  );
}

function Restore({ token }: { readonly token: Token }): ReactNode {
  const { restore } = useTokenChange(token);
  const [error, setError] = useState<Error>();
  const undo = () =>
    void restore().catch((err: unknown) => setError(err instanceof Error ? err : new Error(String(err))));
  return (
    <>
      <Notice tone="warning" title="This token is revoked." actions={<Button onClick={undo}>Undo</Button>}>
        It can be undone until {formatInstant(token.restorableUntilMs ?? 0)}. The secret stays the same.
      </Notice>
      {error && <Problem what="It was not undone" error={error} />}
    </>
  );
}
