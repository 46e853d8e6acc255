import type { ReactNode } from 'react';
import { Dialog } from '../ui/dialog.js';
import styles from './shortcut-help.module.css';
import { SHORTCUTS } from './shortcuts.js';

/** All shortcuts, from the table that is listened for. */
export function ShortcutHelp({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const groups = Object.groupBy(SHORTCUTS, ({ group }) => group);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard shortcuts">
      {Object.entries(groups).map(([group, shortcuts]) => (
        <section key={group}>
          <h3>{group}</h3>
          <dl className={styles['list']}>
            {shortcuts.map(({ id, keys, label }) => (
              <div key={id}>
                <dt>{label}</dt>
                <dd>
                  {keys.split(/[ +]/).map((key) => (
                    <kbd key={key}>{key === 'Mod' ? 'Ctrl' : key}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
