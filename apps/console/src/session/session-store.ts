/**
 * What all calls need of the session, outside of React: the CSRF token, and those who wait because the session ended.
 */
let token: string | undefined;
let personId: string | undefined;
let lost: PromiseWithResolvers<void> | undefined;
let isBeginningAnew = false;
const listeners = new Set<() => void>();

/** The CSRF token of the session; undefined before the log-in. */
export function csrfToken(): string | undefined {
  return token;
}

/**
 * The session is (again) there: whoever waits goes on. When it is another person's, the page begins anew instead: what
 * stands on it and waits to be sent is the first one's.
 *
 * @param newPersonId - the id of the account; null where an access token stands for nobody
 */
export function sessionBegan(newToken: string, newPersonId: string | null): void {
  if (isOfSomebodyElse(newPersonId)) {
    isBeginningAnew = true;
    window.location.assign('/');
    return;
  }
  personId = newPersonId ?? undefined;
  token = newToken;
  lost?.resolve();
  lost = undefined;
  tell();
}

/** Forgets the session: somebody has logged out. */
export function sessionOver(): void {
  personId = undefined;
  token = undefined;
  lost = undefined;
  tell();
}

/** Whether the page is about to begin anew for somebody else, who is not to be asked about what the first typed. */
export function beginsAnew(): boolean {
  return isBeginningAnew;
}

/** Whether a session of this account is not that of whom the page was made for. */
export function isOfSomebodyElse(accountId: string | null): boolean {
  return personId !== undefined && accountId !== personId;
}

/** Resolves when the person has logged in again. Until then the frame shows the log-in over the page. */
export function sessionLost(): Promise<void> {
  lost ??= Promise.withResolvers<void>();
  tell();
  return lost.promise;
}

/** Whether somebody has to log in again. */
export function isSessionLost(): boolean {
  return lost !== undefined;
}

/** Calls `listener` at each change; for `useSyncExternalStore`. */
export function subscribeToSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
