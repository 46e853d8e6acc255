import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../api/client.js';
import { errorOf } from '../api/error-of.js';
import { Button } from '../ui/button.js';
import { Form, TextField } from '../ui/field.js';
import { Problem } from '../ui/problem.js';
import styles from './log-in-form.module.css';
import { rememberNext } from './next.js';
import { sessionBegan } from './session-store.js';

/** E-mail address and password, and single sign-on where it is set up. `email` is filled in for who logs in again. */
export function LogInForm({
  email = '',
  next,
  onDone,
  signOn = 'here',
}: {
  readonly email?: string;
  /** Where single sign-on leads to in the end. */
  readonly next?: string | undefined;
  readonly onDone: () => Promise<unknown>;
  /** `window`: the provider opens beside the page, which stays as it is. */
  readonly signOn?: 'here' | 'window';
}): ReactNode {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const logIn = async (data: FormData) => {
    setBusy(true);
    setError(undefined);
    try {
      const body = { email: String(data.get('email')), password: String(data.get('password')) };
      const { csrfToken, account } = await answer(api.POST('/api/session', { body }));
      sessionBegan(csrfToken, account.id);
      await onDone();
    } catch (err) {
      setError(errorOf(err));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles['parts']}>
      {error && <Problem what="You are not logged in" error={error} />}
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          void logIn(new FormData(event.currentTarget));
        }}
      >
        <TextField
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={email}
          required
        />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
        <Button kind="primary" type="submit" isBusy={isBusy}>
          Log in
        </Button>
      </Form>
      <SignOn target={signOn} next={next} />
    </div>
  );
}

function SignOn({
  target,
  next,
}: {
  readonly target: 'here' | 'window';
  readonly next: string | undefined;
}): ReactNode {
  const { data } = useQuery({
    queryKey: ['sign-on'],
    queryFn: ({ signal }) => answer(api.GET('/api/oidc', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data?.enabled !== true) return null;
  return (
    <a
      className={styles['signOn']}
      href="/api/oidc/start"
      onClick={() => rememberNext(next)}
      {...(target === 'window' ? { target: '_blank' } : {})}
    >
      Log in with {data.name}
    </a>
  );
}
