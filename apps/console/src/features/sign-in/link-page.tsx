import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { Form } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Problem } from '../../ui/problem.js';
import { SignInCard } from './card.js';
import { NewPassword, passwordIn } from './new-password.js';
import { useLinkSecret } from './secret.js';

/** Takes an invitation: chooses the first password. */
export function InvitationPage(): ReactNode {
  return (
    <LinkForm title="Welcome" lead="Choose a password for your account. You log in with it and your e-mail address." />
  );
}

/** Chooses another password by a reset link. */
export function ResetPage(): ReactNode {
  return <LinkForm title="Choose a new password" lead="It replaces the old one; all your sessions end." />;
}

function LinkForm({ title, lead }: { readonly title: string; readonly lead: string }): ReactNode {
  const secret = useLinkSecret();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: async (data: FormData) =>
      answer(api.POST('/api/links/accept', { body: { secret, password: passwordIn(data) } })),
    onSuccess: () => navigate({ to: '/login', search: {}, hash: 'saved', replace: true }),
  });
  return (
    <SignInCard title={title}>
      <p>{lead}</p>
      {secret === '' && (
        <Notice tone="warning" title="The link is not complete.">
          Copy the whole of it, with all that follows the #, into the address bar. Links work once.
        </Notice>
      )}
      {accept.error && <Problem what="The password was not saved" error={accept.error} />}
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          accept.mutate(new FormData(event.currentTarget));
        }}
      >
        <NewPassword />
        <Button kind="primary" type="submit" isBusy={accept.isPending}>
          Save the password
        </Button>
      </Form>
    </SignInCard>
  );
}
