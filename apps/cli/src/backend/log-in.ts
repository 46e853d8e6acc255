import { hostname } from 'node:os';
import type { IssuedToken } from '#auth';
import { AdminClient } from './admin-client.js';
import { issuedTokenAnswer, logInAnswer, parseAnswer } from './answers.js';

const TOKEN_DAYS = 90;
const NAME_LENGTH_MAX = 100;

/**
 * Logs a person in, makes an access token for this command, and logs the person out again: only the token is kept.
 *
 * @throws DomainError `unauthenticated` for a wrong password, `permission_denied` for a role that does not administer,
 * `unavailable` when the server does not answer
 */
export async function makeTokenByPassword(url: string, email: string, password: string): Promise<IssuedToken> {
  const answer = await new AdminClient(url).send('/api/session', { method: 'POST', body: { email, password } });
  const { csrfToken } = parseAnswer(logInAnswer, await answer.json().catch(() => undefined));
  const session = new AdminClient(url, { cookie: cookiesOf(answer), 'x-csrf-token': csrfToken });
  const name = `cas cli on ${hostname()}`.slice(0, NAME_LENGTH_MAX);
  try {
    const body = { name, expiresInDays: TOKEN_DAYS, scopes: ['admin:*'] };
    return parseAnswer(issuedTokenAnswer, await session.json('/api/tokens', { method: 'POST', body }));
  } finally {
    // The session also ends by itself, and nobody else has its cookie: a failure here does no harm.
    await session.send('/api/session', { method: 'DELETE' }).catch(() => undefined);
  }
}

/** The cookies that an answer sets, as the next request sends them. */
function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0] ?? '')
    .join('; ');
}
