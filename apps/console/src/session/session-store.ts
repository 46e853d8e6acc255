/**
 * What all calls need of the session, outside of React: the CSRF token, and those who wait because the session ended.
 */
let token: string | undefined;
let lost: PromiseWithResolvers<void> | undefined;
const listeners = new Set<() => void>();

/** The CSRF token of the session; undefined before the log-in. */
export function csrfToken(): string | undefined {
  return token;
}

/** The session is (again) there: whoever waits goes on. */
export function sessionBegan(newToken: string): void {
  token = newToken;
  lost?.resolve();
  lost = undefined;
  tell();
}

/** Forgets the session: somebody has logged out. */
export function sessionOver(): void {
  token = undefined;
  lost = undefined;
  tell();
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
