import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../session/use-session.js';
import styles from './command-palette.module.css';
import { PLACES } from './navigation.js';

interface Command {
  readonly value: string;
  readonly label: string;
  readonly words: string;
  readonly to: string;
}

/** More that can be done than go to a page. A page opens its form by the address. */
const MORE: readonly (Command & { needs: (typeof PLACES)[number]['needs'] })[] = [
  {
    value: 'create-token',
    label: 'Create a token',
    words: 'new access key',
    to: '/tokens?create=true',
    needs: ['tokens:write-own'],
  },
  {
    value: 'invite',
    label: 'Invite somebody',
    words: 'new account person',
    to: '/accounts?invite=true',
    needs: ['accounts:write'],
  },
  {
    value: 'errors',
    label: 'Show failed requests',
    words: 'errors traces',
    to: '/traces?q=outcome%3Afailed',
    needs: ['traces:read-own'],
  },
  {
    value: 'slow',
    label: 'Show slow requests',
    words: 'traces latency',
    to: '/traces?q=duration%3A%3E500ms',
    needs: ['traces:read-own'],
  },
  {
    value: 'account',
    label: 'Your account',
    words: 'password sessions log out',
    to: '/account',
    needs: ['usage:read-own'],
  },
];

/** Finds a page or something to do by a few letters, and takes ids of requests. */
export function CommandPalette({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup className={styles['popup']} aria-label="Search or go to">
          <Commands onDone={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { may } = useSession();
  const navigate = useNavigate();
  const commands = [
    ...PLACES.map(({ to, label, words, needs }) => ({ value: to, label, words, to, needs })),
    ...MORE,
  ].filter(({ needs }) => needs.some(may));
  const go = (to: string) => {
    onDone();
    void navigate({ href: to });
  };
  return (
    <Autocomplete.Root
      items={commands}
      open
      inline
      autoHighlight="always"
      keepHighlight
      itemToStringValue={({ label, words }) => `${label} ${words}`}
    >
      <Autocomplete.Input
        className={styles['input']}
        aria-label="Search or go to"
        placeholder="Search or go to… a page, an action, or the id of a request"
        onKeyDown={(event) => {
          const text = event.currentTarget.value.trim();
          if (event.key === 'Enter' && isRequestId(text)) go(`/traces/${encodeURIComponent(text)}`);
        }}
      />
      <Autocomplete.Empty className={styles['empty']}>
        Nothing has that name. The id of a request, and Enter, opens its trace.
      </Autocomplete.Empty>
      <Autocomplete.List className={styles['list']}>
        {(command: Command) => (
          <Autocomplete.Item
            key={command.value}
            value={command}
            className={styles['item']}
            onClick={() => go(command.to)}
          >
            {command.label}
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

/** Request and trace ids have no blanks and are longer than the words of commands. */
function isRequestId(text: string): boolean {
  return /^[\w.:-]{16,128}$/.test(text);
}
