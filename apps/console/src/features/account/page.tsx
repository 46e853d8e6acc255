import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { sessionQuery, useSession } from '../../session/use-session.js';
import { Button } from '../../ui/button.js';
import { Form, TextField } from '../../ui/field.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { useToasts } from '../../ui/toasts.js';
import styles from './account.module.css';
import { PasswordForm } from './password-form.js';
import { Sessions } from './sessions.js';

/** The own account: name, password, and the browsers that are logged in. */
export function AccountPage(): ReactNode {
  const { account, role, permissions } = useSession();
  const { data } = useQuery({
    queryKey: ['roles'],
    queryFn: ({ signal }) => answer(api.GET('/api/roles', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const words = data?.roles
    .flatMap((one) => one.permissions)
    .filter(
      (one, at, all) =>
        permissions.includes(one.permission) && all.findIndex((other) => other.permission === one.permission) === at,
    );
  return (
    <Page title="Your account" lead={account?.email}>
      <div className={styles['two']}>
        <Card title="Name">
          <NameForm name={account?.name ?? ''} />
        </Card>
        <Card title="Password">
          {account?.hasPassword === false ? (
            <p>You log in by single sign-on. An owner or admin can make you a link to choose a password, too.</p>
          ) : (
            <PasswordForm email={account?.email ?? ''} />
          )}
        </Card>
      </div>
      <Sessions />
      <Card title={`What you may do as ${role}`}>
        <ul className={styles['list']}>
          {words?.map((one) => (
            <li key={one.permission}>{one.words}</li>
          ))}
        </ul>
      </Card>
    </Page>
  );
}

function NameForm({ name: before }: { readonly name: string }): ReactNode {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [name, setName] = useState(before);
  const rename = useMutation({
    mutationFn: () => answer(api.PATCH('/api/session', { body: { name } })),
    onSuccess: async () => {
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      say('Your name is changed');
    },
  });
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate();
      }}
    >
      <TextField
        label="Name"
        hint="Others see it beside what you do"
        value={name}
        maxLength={100}
        autoComplete="name"
        required
        onChange={({ target }) => setName(target.value)}
      />
      {rename.error && <Problem what="Your name was not changed" error={rename.error} />}
      <div>
        <Button type="submit" kind="primary" isBusy={rename.isPending} disabled={name.trim() === before}>
          Save
        </Button>
      </div>
    </Form>
  );
}
