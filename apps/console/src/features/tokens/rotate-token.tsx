import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogFoot } from '../../ui/dialog.js';
import { FieldGroup, Form } from '../../ui/field.js';
import { Problem } from '../../ui/problem.js';
import { Issued } from './issued.js';
import type { Token } from './queries.js';
import styles from './tokens.module.css';

const HOUR_MS = 3_600_000;

/** How long the old secret may go on, in words. */
const GRACES = [
  { ms: 0, label: 'not at all' },
  { ms: HOUR_MS / 4, label: '15 minutes' },
  { ms: HOUR_MS, label: '1 hour' },
  { ms: 6 * HOUR_MS, label: '6 hours' },
  { ms: 24 * HOUR_MS, label: '24 hours' },
] as const;
const GRACE_DEFAULT_MS = 24 * HOUR_MS;

/** Gives a token a new secret, which is shown this once. */
export function RotateToken({ token, onClose }: { readonly token: Token; readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const [graceMs, setGrace] = useState<number>(GRACE_DEFAULT_MS);
  const rotate = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/tokens/{id}/rotate', { params: { path: { id: token.id } }, body: { graceMs } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (rotate.data) {
    return (
      <Dialog isOpen isSticky size="large" onClose={onClose} title={`New secret of “${token.name}”`}>
        <Issued issued={rotate.data} onDone={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog isOpen onClose={onClose} title={`Rotate “${token.name}”`}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          rotate.mutate();
        }}
      >
        <p>The token gets a new secret. Its name, rights, limits and usage stay.</p>
        <FieldGroup legend="The old secret works for">
          <div className={styles['choices']}>
            {GRACES.map(({ ms, label }) => (
              <label key={ms} className={styles['choice']}>
                <input type="radio" name="grace" checked={graceMs === ms} onChange={() => setGrace(ms)} />
                {label}
              </label>
            ))}
          </div>
        </FieldGroup>
        <p>
          {graceMs === 0
            ? 'Whoever still sends the old secret is refused within a second.'
            : 'Meanwhile this page shows who still sends the old one, and you can end it at any time.'}
          {token.graceUntilMs !== null && ' The secret before it, which is still in its grace, ends now.'}
        </p>
        {rotate.error && <Problem what="The token was not rotated" error={rotate.error} />}
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={rotate.isPending}>
            Rotate
          </Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}
