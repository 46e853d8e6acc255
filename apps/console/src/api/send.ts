import { csrfToken, sessionLost } from '../session/session-store.js';
import { failureOf, unreachable } from './failure.js';

/** Paths that answer 401 to say that a password is wrong, not that the session has ended. */
const LOGS_IN = ['/api/session/password', '/api/setup', '/api/links/accept'];

/**
 * `fetch` for the admin API: sends the CSRF token, and turns every failure into an `ApiFailure`. When the session has
 * ended meanwhile, the call waits until the person has logged in again and is then sent once more, so that nothing
 * that was typed is lost.
 *
 * @throws ApiFailure
 */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await withCsrf(request);
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
    throw unreachable();
  }
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw await failureOf(response);
}

function logsIn({ url, method }: Request): boolean {
  const { pathname } = new URL(url);
  return LOGS_IN.includes(pathname) || (pathname === '/api/session' && method !== 'PATCH');
}
