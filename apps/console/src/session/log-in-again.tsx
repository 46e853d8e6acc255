import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { Dialog } from '../ui/dialog.js';
import { LogInForm } from './log-in-form.js';
import { isSessionLost, subscribeToSession } from './session-store.js';
import { sessionQuery, useSession } from './use-session.js';

/**
 * Asks for the password over the page when the session has ended. What was typed below stays, and the calls that wait
 * are sent again. Who logs in elsewhere, as by single sign-on in another window, goes on when the page is seen again.
 */
export function LogInAgain(): ReactNode {
  const isLost = useSyncExternalStore(subscribeToSession, isSessionLost);
  const { account } = useSession();
  const queries = useQueryClient();
  useEffect(() => {
    if (!isLost) return;
    const tryAgain = () => {
      if (document.visibilityState === 'visible')
        void queries.fetchQuery({ ...sessionQuery, staleTime: 0 }).catch(() => undefined);
    };
    document.addEventListener('visibilitychange', tryAgain);
    window.addEventListener('focus', tryAgain);
    return () => {
      document.removeEventListener('visibilitychange', tryAgain);
      window.removeEventListener('focus', tryAgain);
    };
  }, [isLost, queries]);
  return (
    <Dialog isOpen={isLost} isSticky onClose={() => undefined} title="Log in again">
      <p>
        Your session has ended. Log in, and everything on this page goes on as you left it. For somebody else the page
        begins anew, and nothing of yours is sent.
      </p>
      <LogInForm
        email={account?.email ?? ''}
        signOn="window"
        onDone={() => queries.fetchQuery({ ...sessionQuery, staleTime: 0 })}
      />
    </Dialog>
  );
}
