import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogFoot } from '../../ui/dialog.js';
import { Form, SelectField, TextField } from '../../ui/field.js';
import { Problem } from '../../ui/problem.js';
import { useToasts } from '../../ui/toasts.js';
import { mutableRights } from './mutable-rights.js';
import type { Token } from './queries.js';
import { draftOf, problemsOf, rightsOf } from './rights-draft.js';
import { Could, RightsFields } from './rights-fields.js';
import styles from './tokens.module.css';

/** Changes name, rights, limits and expiry of a token; they count from its next request on. */
export function EditToken({ token, onClose }: { readonly token: Token; readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [name, setName] = useState(token.name);
  const [draft, setDraft] = useState(() => draftOf(token));
  const [expiry, setExpiry] = useState('keep');
  const [isTried, setTried] = useState(false);
  const problems = problemsOf(draft);
  const isNamed = name.trim() !== '';
  const change = useMutation({
    mutationFn: () => {
      const expires = expiry === 'keep' ? {} : { expiresInDays: expiry === 'never' ? null : Number(expiry) };
      const body = { name: name.trim(), ...mutableRights(rightsOf(draft)), ...expires };
      return answer(api.PATCH('/api/tokens/{id}', { params: { path: { id: token.id } }, body }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['tokens'] });
      say(`“${name.trim()}” is changed`, { text: 'It counts from its next request on.' });
      onClose();
    },
  });
  return (
    <Dialog isOpen size="large" isSticky onClose={onClose} title={`Edit “${token.name}”`}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (isNamed && Object.keys(problems).length === 0) change.mutate();
        }}
      >
        <TextField
          label="Name"
          value={name}
          maxLength={100}
          required
          problem={isTried && !isNamed ? 'Give it a name, by which you will know it later.' : undefined}
          onChange={({ target }) => setName(target.value)}
        />
        <div className={styles['two']}>
          <div className={styles['stack']}>
            <RightsFields draft={draft} onChange={setDraft} problems={isTried ? problems : {}} />
            <SelectField label="Expires" value={expiry} onChange={({ target }) => setExpiry(target.value)}>
              <option value="keep">As before</option>
              <option value="30">30 days from now</option>
              <option value="90">90 days from now</option>
              <option value="365">365 days from now</option>
              <option value="never">Never</option>
            </SelectField>
          </div>
          <Could draft={draft} />
        </div>
        {change.error && <Problem what="The token was not changed" error={change.error} />}
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={change.isPending}>
            Save
          </Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}
