import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button.js';
import styles from './toasts.module.css';

/** Shows what was done, for a while, in a corner. Around everything that calls `useToasts`. */
export function Toasts({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Toast.Provider timeout={8_000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={styles['viewport']}>
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List(): ReactNode {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} swipeDirection={['right', 'down']} className={styles['toast']}>
      <Toast.Content className={styles['content']}>
        <div>
          <Toast.Title className={styles['title']} render={<strong />} />
          <Toast.Description />
        </div>
        {toast.actionProps && <Toast.Action className={styles['action']} />}
        <Toast.Close
          render={
            <IconButton label="Dismiss">
              <X size={15} aria-hidden />
            </IconButton>
          }
        />
      </Toast.Content>
    </Toast.Root>
  ));
}

/**
 * Tells that something was done, with a way back where there is one. What failed belongs beside what was tried
 * (`Problem`), not here.
 */
export function useToasts(): {
  say: (title: string, more?: { text?: string; undo?: () => void; undoLabel?: string }) => void;
} {
  const manager = Toast.useToastManager();
  return {
    say: (title, { text, undo, undoLabel = 'Undo' } = {}) => {
      const id: string = manager.add({
        title,
        ...(text === undefined ? {} : { description: text }),
        ...(undo === undefined
          ? {}
          : {
              timeout: 15_000,
              actionProps: {
                children: undoLabel,
                onClick: () => {
                  manager.close(id);
                  undo();
                },
              },
            }),
      });
    },
  };
}
