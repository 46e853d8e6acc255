import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogFoot } from '../../ui/dialog.js';
import { Form, SelectField, TextField } from '../../ui/field.js';
import { LeaveGuard } from '../../ui/leave-guard.js';
import { Notice } from '../../ui/notice.js';
import { Problem } from '../../ui/problem.js';
import { useToasts } from '../../ui/toasts.js';
import type { Token } from './queries.js';
import { changedRights, draftOf, problemsOf, rebased, rightsOf } from './rights-draft.js';
import { Could, RightsFields } from './rights-fields.js';
import styles from './tokens.module.css';

/**
 * Changes name, rights, limits and expiry of a token; they count from its next request on. What somebody else changes
 * meanwhile is taken in, and only what was edited here is sent.
 */
export function EditToken({ token, onClose }: { readonly token: Token; readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [base, setBase] = useState(token);
  const [name, setName] = useState(token.name);
  const [draft, setDraft] = useState(() => draftOf(token));
  const [isOvertaken, setOvertaken] = useState(false);
  const [expiry, setExpiry] = useState('keep');
  const [isTried, setTried] = useState(false);
  const isOther = token.name !== base.name || Object.keys(changedRights(base, token)).length > 0;
  if (isOther) {
    setBase(token);
    setName(name === base.name ? token.name : name);
    setDraft(rebased(draft, draftOf(base), draftOf(token)));
    setOvertaken(true);
  }
  const changes = {
    ...(name.trim() === base.name ? {} : { name: name.trim() }),
    ...changedRights(base, rightsOf(draft)),
    ...(expiry === 'keep' ? {} : { expiresInDays: expiry === 'never' ? null : Number(expiry) }),
  };
  const isEdited = Object.keys(changes).length > 0;
  const problems = problemsOf(draft);
  const isNamed = name.trim() !== '';
  const change = useMutation({
    mutationFn: () => answer(api.PATCH('/api/tokens/{id}', { params: { path: { id: token.id } }, body: changes })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['tokens'] });
      say(`“${name.trim()}” is changed`, { text: 'It counts from its next request on.' });
      onClose();
    },
  });
  return (
    <Dialog isOpen size="large" isSticky onClose={onClose} title={`Edit “${token.name}”`}>
      <LeaveGuard isNeeded={isEdited} />
      {isOvertaken && (
        <Notice tone="note" title="Somebody else changed this token just now.">
          What they changed is shown below; what you edited stays yours.
        </Notice>
      )}
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!isNamed || Object.keys(problems).length > 0) return;
          if (isEdited) change.mutate();
          else onClose();
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
