import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { CodeBlock, CopyButton } from '../../ui/copy.js';
import { DialogFoot } from '../../ui/dialog.js';
import { classNames } from '../../ui/class-names.js';
import { LeaveGuard } from '../../ui/leave-guard.js';
import { Loading } from '../../ui/loading.js';
import { Notice } from '../../ui/notice.js';
import { Tabs } from '../../ui/tabs.js';
import { aboutQuery, tokenQuery, type Token } from './queries.js';
import { snippetsFor, UNKNOWN_URL } from './snippets.js';
import styles from './tokens.module.css';

/** How often a token that waits for its first request is read anew, besides live events. */
const WAIT_MS = 1_500;

/** A token just after it was made or rotated: the secret, ready code, and its first request as it comes. */
export function Issued({
  issued: { token, record },
  onDone,
  isFirst = false,
}: {
  readonly issued: Schemas['IssuedTokenView'];
  readonly onDone: () => void;
  /** Whether nobody can have used the token before. */
  readonly isFirst?: boolean;
}): ReactNode {
  const { data: about, isPending } = useQuery(aboutQuery);
  const url = about?.inferenceUrl ?? null;
  const code = snippetsFor(token, record, url ?? UNKNOWN_URL, window.location.origin);
  return (
    <>
      <LeaveGuard isNeeded title="Leave without the token?">
        It is shown this once. Who has not stored it can only make a new secret for it.
      </LeaveGuard>
      <Notice tone="warning" title="Store it now.">
        This is the only time that the token is shown. Whoever has it can do what it may do.
      </Notice>
      <div className={styles['secret']}>
        <code data-testid="token">{token}</code>
        <CopyButton text={token} label="Copy the token" />
      </div>
      {about && url === null && (
        <Notice tone="note" title="This page does not know where the inference API is.">
          Set <code>CAS_PUBLIC_URL</code> of the admin process to its address, and the code below is filled in. Until
          then replace <code>{UNKNOWN_URL}</code>.
        </Notice>
      )}
      {isPending ? (
        <Loading what="The code is made ready" rows={3} />
      ) : (
        <Tabs
          label="Ready code"
          tabs={[
            { id: 'curl', label: 'curl', content: <CodeBlock code={code.curl} label="A request by curl" /> },
            {
              id: 'python',
              label: 'Python',
              content: (
                <div className={styles['stack']}>
                  {code.pythonClient !== undefined && (
                    <CodeBlock code={code.pythonClient} label="Python with clip-client" />
                  )}
                  <CodeBlock code={code.pythonHttp} label="Python over HTTP" />
                </div>
              ),
            },
            {
              id: 'typescript',
              label: 'TypeScript',
              content: <CodeBlock code={code.typescript} label="A request in TypeScript" />,
            },
            { id: 'env', label: '.env', content: <CodeBlock code={code.env} label="Environment variables" /> },
          ]}
        />
      )}
      {isFirst && <FirstRequest id={record.id} hint="Run the code above; this turns green by itself." />}
      <DialogFoot>
        <Button kind="primary" onClick={onDone}>
          I have stored it
        </Button>
      </DialogFoot>
    </>
  );
}

/** Waits for the first request of a token and turns green when it comes. */
export function FirstRequest({ id, hint }: { readonly id: string; readonly hint: string }): ReactNode {
  const { data: token } = useQuery({
    ...tokenQuery(id),
    refetchInterval: ({ state }) => (state.data?.lastUsed ? false : WAIT_MS),
    refetchIntervalInBackground: true,
  });
  const used = token?.lastUsed;
  return (
    <div role="status" className={classNames(styles['waiting'], Boolean(used) && styles['arrived'])}>
      {used ? <CircleCheck size={20} aria-hidden /> : <span className={styles['pulse']} aria-hidden />}
      <div>
        <strong>{used ? 'The first request has come.' : 'Waiting for the first request …'}</strong>
        <div>{used ? firstWords(used) : waitingWords(token, hint)}</div>
      </div>
    </div>
  );
}

function firstWords({ from, protocol, model }: NonNullable<Token['lastUsed']>): string {
  const parts = [said('over', protocol), said('for', model), said('from', from)].flat();
  return `It came ${parts.join(' ')}. The token works.`;
}

function said(word: string, what: string | null): string[] {
  return what === null ? [] : [`${word} ${what}`];
}

function waitingWords(token: Token | undefined, hint: string): string {
  const sum = (of: 'denied' | 'refused') => (token?.days ?? []).reduce((total, day) => total + day[of], 0);
  if (sum('denied') > 0)
    return 'Requests came, and were refused: they asked for a scope or a model that it does not have.';
  if (sum('refused') > 0) return 'Requests came, and were turned away by its limits.';
  return hint;
}
