import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { LogInForm } from '../../session/log-in-form.js';
import { ownPath } from '../../session/next.js';
import { sessionQuery } from '../../session/use-session.js';
import { Notice } from '../../ui/notice.js';
import { SignInCard } from './card.js';

/** What a failure of single sign-on is called here: the address carries its code only. */
const SIGN_ON_PROBLEMS = new Map([
  [
    'permission_denied',
    'Single sign-on did not let you in. Ask an owner or admin to invite your address, or for a reset link if you have come in before.',
  ],
  ['not_found', 'Single sign-on is not set up here.'],
  ['unavailable', 'The provider of single sign-on cannot be reached. Try again in a moment.'],
]);

/** The log-in. It leads back to where the person wanted to go. */
export function LogInPage(): ReactNode {
  const next = ownPath(useSearch({ strict: false }).next);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [told] = useState(() => takeHash());
  const { data: setUp } = useQuery({
    queryKey: ['set-up'],
    queryFn: ({ signal }) => answer(api.GET('/api/setup', { signal })),
  });
  const done = async () => {
    await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    await navigate({ href: next ?? '/', replace: true });
  };
  return (
    <SignInCard title="Log in">
      {told.problem !== undefined && (
        <Notice tone="problem">{SIGN_ON_PROBLEMS.get(told.problem) ?? 'Single sign-on failed. Try again.'}</Notice>
      )}
      {told.isSaved && <Notice tone="good">Your password is saved. Log in with it.</Notice>}
      {setUp?.needed === true && (
        <Notice tone="note" title="There is no account yet.">
          The log of the service has the link to make the first one; <code>npx --no -- cas account setup-link</code>{' '}
          makes another.
        </Notice>
      )}
      <LogInForm next={next} onDone={done} />
    </SignInCard>
  );
}

function takeHash(): { problem?: string; isSaved: boolean } {
  const [name, value] = window.location.hash.slice(1).split('=');
  if (name !== '')
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  return { ...(name === 'problem' && value !== undefined ? { problem: value } : {}), isSaved: name === 'saved' };
}
