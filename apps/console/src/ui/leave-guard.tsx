import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { beginsAnew } from '../session/session-store.js';
import { Confirm } from './dialog.js';

/**
 * Asks before the page is left while something stands on it that would be lost: by a link, a shortcut, Back, a reload,
 * or a tab that closes. Who closes a form by its own buttons is not asked: pass `ignoreBlocker` to the navigation of
 * those.
 */
export function LeaveGuard({
  isNeeded,
  title = 'Leave, and lose what you typed?',
  children = 'It is not saved yet.',
}: {
  readonly isNeeded: boolean;
  /** The question. */
  readonly title?: string;
  /** What is lost. */
  readonly children?: ReactNode;
}): ReactNode {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isNeeded,
    enableBeforeUnload: () => isNeeded && !beginsAnew(),
    withResolver: true,
  });
  return (
    <Confirm
      isOpen={status === 'blocked'}
      isGrave
      title={title}
      action="Leave"
      cancel="Stay"
      onClose={() => reset?.()}
      onConfirm={() => Promise.resolve(proceed?.())}
    >
      {children}
    </Confirm>
  );
}
