import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { errorOf } from '../api/error-of.js';
import { Button, IconButton } from './button.js';
import styles from './dialog.module.css';
import { Problem } from './problem.js';

interface DialogProps {
  readonly isOpen: boolean;
  /** Called by Escape, the close button and a click outside; the owner decides. */
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  /** `true`: closed by its own buttons only, for what is shown once. */
  readonly isSticky?: boolean;
  readonly size?: 'small' | 'large';
}

/** A modal window. The focus goes into it, and back to where it was when it closes. */
export function Dialog({ isOpen, onClose, title, children, isSticky = false, size = 'small' }: DialogProps): ReactNode {
  return (
    <Base.Root
      open={isOpen}
      disablePointerDismissal={isSticky}
      onOpenChange={(open, { reason }) => {
        if (!open && !(isSticky && reason === 'escape-key')) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={styles['backdrop']} />
        <Base.Popup className={styles[size]}>
          <Head title={title} canClose={!isSticky} />
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** A panel at the side over the page that stays usable: details of a row. On a phone it is a sheet at the bottom. */
export function Drawer({ isOpen, onClose, title, children }: Omit<DialogProps, 'isSticky' | 'size'>): ReactNode {
  return (
    <Base.Root modal={false} disablePointerDismissal open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Popup className={styles['drawer']} initialFocus={false}>
          <Head title={title} canClose />
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface ConfirmProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** The question: `Revoke “ci”?` */
  readonly title: string;
  /** What will happen, and to whom. */
  readonly children: ReactNode;
  /** The verb on the button: `Revoke`. */
  readonly action: string;
  readonly isGrave?: boolean;
  /** What is on the button that changes nothing. */
  readonly cancel?: string;
  /** The window stays open, with the reason, when it rejects. */
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks before something that others will notice. The safe answer has the focus. */
export function Confirm({
  isOpen,
  onClose,
  title,
  children,
  action,
  isGrave,
  cancel = 'Cancel',
  onConfirm,
}: ConfirmProps): ReactNode {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (err) {
      setError(errorOf(err));
    } finally {
      setBusy(false);
    }
  };
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles['backdrop']} />
        <AlertDialog.Popup className={styles['small']}>
          <AlertDialog.Title render={<h2 />}>{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className={styles['description']}>
            {children}
          </AlertDialog.Description>
          {error && <Problem what={`${action} failed`} error={error} />}
          <footer className={styles['foot']}>
            <AlertDialog.Close render={<Button autoFocus>{cancel}</Button>} />
            <Button kind={isGrave ? 'grave' : 'primary'} isBusy={isBusy} onClick={() => void confirm()}>
              {action}
            </Button>
          </footer>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** The buttons at the foot of a window. */
export function DialogFoot({ children }: { readonly children: ReactNode }): ReactNode {
  return <footer className={styles['foot']}>{children}</footer>;
}

/** No `header`, which would be a landmark beside that of the page. */
function Head({ title, canClose }: { readonly title: string; readonly canClose: boolean }): ReactNode {
  return (
    <div className={styles['head']}>
      <Base.Title render={<h2 />}>{title}</Base.Title>
      {canClose && (
        <Base.Close
          render={
            <IconButton label="Close">
              <X size={16} aria-hidden />
            </IconButton>
          }
        />
      )}
    </div>
  );
}
