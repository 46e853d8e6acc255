import { csrfToken, isOfSomebodyElse, sessionBegan, sessionLost } from '../session/session-store.js';
import { ApiFailure, failureOf, unreachable } from './failure.js';

/** Paths that answer 401 to say that a password is wrong, not that the session has ended. */
const LOGS_IN = ['/api/session/password', '/api/setup', '/api/links/accept'];

/**
 * `fetch` for the admin API: sends the CSRF token, and turns every failure into an `ApiFailure`. When the session has
 * ended meanwhile, the call waits until the person has logged in again and is then sent once more, so that nothing
 * that was typed is lost. The same when the person has logged in anew in another tab.
 *
 * @throws ApiFailure
 */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await withCsrf(request);
  if (response.status === 403 && request.method !== 'GET' && (await hasNewSession()))
    return checked(await withCsrf(again));
  if (response.status !== 401 || logsIn(request)) return checked(response);
  await sessionLost();
  return checked(await withCsrf(again));
}

async function withCsrf(request: Request): Promise<Response> {
  const token = csrfToken();
  if (token !== undefined && request.method !== 'GET') request.headers.set('x-csrf-token', token);
  try {
    return await fetch(request);
  } catch (err) {
    if (request.signal.aborted) throw err;
    throw unreachable(request.method !== 'GET');
  }
}

/**
 * Whether this browser has another session of the same person than the page knows of: a log-in in another tab.
 *
 * @throws ApiFailure when it is somebody else's: what was typed here is not sent in that name
 */
async function hasNewSession(): Promise<boolean> {
  const session = await readSession();
  if (session === undefined || session.csrfToken === csrfToken()) return false;
  if (isOfSomebodyElse(session.accountId)) {
    throw new ApiFailure(
      'permission_denied',
      `${session.name} has logged in meanwhile in another tab of this browser, so nothing was sent. Log in there as yourself and try again, or load this page anew to go on as ${session.name}.`,
      403,
    );
  }
  sessionBegan(session.csrfToken, session.accountId);
  return true;
}

async function readSession(): Promise<{ csrfToken: string; accountId: string; name: string } | undefined> {
  const body: unknown = await fetch('/api/session').then(
    (response) => response.json(),
    () => undefined,
  );
  if (typeof body !== 'object' || body === null || !('csrfToken' in body) || !('account' in body)) return undefined;
  const { csrfToken: token, account } = body;
  if (typeof token !== 'string' || typeof account !== 'object' || account === null) return undefined;
  if (!('id' in account) || !('name' in account)) return undefined;
  return { csrfToken: token, accountId: String(account.id), name: String(account.name) };
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw await failureOf(response);
}

function logsIn({ url, method }: Request): boolean {
  const { pathname } = new URL(url);
  return LOGS_IN.includes(pathname) || (pathname === '/api/session' && method !== 'PATCH');
}
