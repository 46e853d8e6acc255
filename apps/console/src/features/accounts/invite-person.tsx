import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { useSession } from '../../session/use-session.js';
import { Button } from '../../ui/button.js';
import { Dialog, DialogFoot } from '../../ui/dialog.js';
import { Form, SelectField, TextField } from '../../ui/field.js';
import { LeaveGuard } from '../../ui/leave-guard.js';
import { Problem } from '../../ui/problem.js';
import { LinkShown } from './link-shown.js';
import { ROLE_WORDS, ROLES, type Role } from './search.js';

/** Invites somebody: makes the account, and shows the link to send to that person. */
export function InvitePerson({ onClose }: { readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const { may } = useSession();
  const [person, setPerson] = useState({ email: '', name: '' });
  const [role, setRole] = useState<Role>('member');
  const invite = useMutation({
    mutationFn: () => answer(api.POST('/api/accounts', { body: { ...person, role } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
  if (invite.data) {
    const { account, link } = invite.data;
    return (
      <Dialog isOpen isSticky onClose={onClose} title={`Invitation for ${account.name}`}>
        <LeaveGuard isNeeded title="Leave without the link?">
          It is shown this once. Who has not sent it can make another one in the details of the account.
        </LeaveGuard>
        <LinkShown link={link} name={account.name} />
        <DialogFoot>
          <Button kind="primary" onClick={onClose}>
            I have sent it
          </Button>
        </DialogFoot>
      </Dialog>
    );
  }
  return (
    <Dialog isOpen isSticky onClose={onClose} title="Invite somebody">
      <LeaveGuard isNeeded={person.email !== '' || person.name !== ''} />
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate();
        }}
      >
        <TextField
          label="E-mail address"
          type="email"
          autoFocus
          required
          value={person.email}
          onChange={({ target }) => setPerson({ ...person, email: target.value })}
        />
        <TextField
          label="Name"
          required
          maxLength={100}
          value={person.name}
          onChange={({ target }) => setPerson({ ...person, name: target.value })}
        />
        <RoleField role={role} onChange={setRole} mayOwners={may('owners:write')} />
        {invite.error && <Problem what="Nobody was invited" error={invite.error} />}
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={invite.isPending}>
            Make the invitation
          </Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}

/** A role with what it is for. */
export function RoleField({
  role,
  onChange,
  mayOwners,
}: {
  readonly role: Role;
  readonly onChange: (role: Role) => void;
  readonly mayOwners: boolean;
}): ReactNode {
  const offered = ROLES.filter((one) => one !== 'owner' || mayOwners || role === 'owner');
  return (
    <SelectField
      label="Role"
      hint={ROLE_WORDS[role]}
      value={role}
      onChange={({ target }) => onChange(offered.find((one) => one === target.value) ?? role)}
    >
      {offered.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </SelectField>
  );
}
