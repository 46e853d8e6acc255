import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { Form, TextField } from '../../ui/field.js';
import { Problem } from '../../ui/problem.js';
import { useToasts } from '../../ui/toasts.js';

/** Changes the own password; every other session ends by it. */
export function PasswordForm({ email }: { readonly email: string }): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  const { say } = useToasts();
  const [differs, setDiffers] = useState(false);
  const change = useMutation({
    mutationFn: (body: { old: string; new: string }) => answer(api.POST('/api/session/password', { body })),
    onSuccess: () => {
      form.current?.reset();
      say('Your password is changed', { text: 'Every other session of yours has ended.' });
    },
  });
  return (
    <Form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const [old, next] = [String(data.get('old')), String(data.get('new'))];
        const isSame = next === String(data.get('again'));
        setDiffers(!isSame);
        if (isSame) change.mutate({ old, new: next });
      }}
    >
      {/* Password managers look for whose password it is. */}
      <input hidden readOnly autoComplete="username" name="username" value={email} />
      <TextField label="Old password" name="old" type="password" autoComplete="current-password" required />
      <TextField
        label="New password"
        name="new"
        type="password"
        autoComplete="new-password"
        hint="At least 12 characters; several words are good"
        minLength={12}
        required
      />
      <TextField
        label="New password, once more"
        name="again"
        type="password"
        autoComplete="new-password"
        problem={differs ? 'The two passwords differ.' : undefined}
        required
      />
      {change.error && <Problem what="Your password was not changed" error={change.error} />}
      <div>
        <Button type="submit" kind="primary" isBusy={change.isPending}>
          Change the password
        </Button>
      </div>
    </Form>
  );
}
