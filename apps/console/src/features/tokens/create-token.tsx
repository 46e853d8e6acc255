import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogFoot } from '../../ui/dialog.js';
import { Form, TextField } from '../../ui/field.js';
import { LeaveGuard } from '../../ui/leave-guard.js';
import { Problem } from '../../ui/problem.js';
import { DAYS_DEFAULT, ExpiryChoice } from './expiry-choice.js';
import { Issued } from './issued.js';
import { mutableRights } from './mutable-rights.js';
import { Could, RightsFields } from './rights-fields.js';
import { NEW_RIGHTS, problemsOf, rightsOf } from './rights-draft.js';
import styles from './tokens.module.css';

/** The window that makes a token: what it may do, then the token itself, shown this once. */
export function CreateToken({ onClose }: { readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [draft, setDraft] = useState(NEW_RIGHTS);
  const [days, setDays] = useState<number | null>(DAYS_DEFAULT);
  const [isTried, setTried] = useState(false);
  const create = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/tokens', {
          body: { name: name.trim(), expiresInDays: days, ...mutableRights(rightsOf(draft)) },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const problems = problemsOf(draft);
  const isNamed = name.trim() !== '';
  if (create.data) {
    return (
      <Dialog isOpen isSticky size="large" onClose={onClose} title={`Token “${create.data.record.name}”`}>
        <Issued issued={create.data} onDone={onClose} isFirst />
      </Dialog>
    );
  }
  return (
    <Dialog isOpen size="large" isSticky onClose={onClose} title="New token">
      <LeaveGuard isNeeded={isNamed || draft !== NEW_RIGHTS || days !== DAYS_DEFAULT} />
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (isNamed && Object.keys(problems).length === 0) create.mutate();
        }}
      >
        <TextField
          label="Name"
          hint="What will use it, such as “shop, production”"
          value={name}
          maxLength={100}
          autoFocus
          required
          problem={isTried && !isNamed ? 'Give it a name, by which you will know it later.' : undefined}
          onChange={({ target }) => setName(target.value)}
        />
        <div className={styles['two']}>
          <div className={styles['stack']}>
            <RightsFields draft={draft} onChange={setDraft} problems={isTried ? problems : {}} />
            <ExpiryChoice days={days} onChange={setDays} />
          </div>
          <Could draft={draft} />
        </div>
        {create.error && <Problem what="The token was not made" error={create.error} />}
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={create.isPending}>
            Create token
          </Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}
