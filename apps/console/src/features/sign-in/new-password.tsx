import type { ReactNode } from 'react';
import { TextField } from '../../ui/field.js';

/** A new password, twice. */
export function NewPassword(): ReactNode {
  return (
    <>
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        hint="At least 12 characters; a few words are easier to remember than signs."
        required
      />
      <TextField label="Password, once more" name="repeated" type="password" autoComplete="new-password" required />
    </>
  );
}

/** @throws Error when the two differ */
export function passwordIn(data: FormData): string {
  const password = String(data.get('password'));
  if (password !== data.get('repeated')) throw new Error('The two passwords differ. Type the same one twice.');
  return password;
}
