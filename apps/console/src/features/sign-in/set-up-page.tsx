import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { sessionBegan } from '../../session/session-store.js';
import { sessionQuery } from '../../session/use-session.js';
import { Button } from '../../ui/button.js';
import { Form, TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Problem } from '../../ui/problem.js';
import { SignInCard } from './card.js';
import { NewPassword, passwordIn } from './new-password.js';
import { useLinkSecret } from './secret.js';

/** Makes the first account, which owns the service, by the link that the start of the service printed. */
export function SetUpPage(): ReactNode {
  const secret = useLinkSecret();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const setUp = useMutation({
    mutationFn: async (data: FormData) => {
      const person = { email: String(data.get('email')), name: String(data.get('name')), password: passwordIn(data) };
      return answer(api.POST('/api/setup', { body: { secret, ...person } }));
    },
    onSuccess: async ({ csrfToken, account }) => {
      sessionBegan(csrfToken, account.id);
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await navigate({ to: '/', replace: true });
    },
  });
  return (
    <SignInCard title="Set up the service">
      <p>You make the first account. It owns the service: it can do everything, and invite others.</p>
      {secret === '' && (
        <Notice tone="warning" title="The link is not complete.">
          Copy the whole of it, with all that follows the #, from the log of the service into the address bar.
        </Notice>
      )}
      {setUp.error && <Problem what="The account was not made" error={setUp.error} />}
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          setUp.mutate(new FormData(event.currentTarget));
        }}
      >
        <TextField label="E-mail address" name="email" type="email" autoComplete="username" required />
        <TextField label="Name" name="name" autoComplete="name" maxLength={100} required />
        <NewPassword />
        <Button kind="primary" type="submit" isBusy={setUp.isPending}>
          Make the account
        </Button>
      </Form>
    </SignInCard>
  );
}
