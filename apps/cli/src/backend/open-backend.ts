import { parseToken } from '#auth';
import { DomainError } from '#core';
import type { Surroundings } from '../surroundings.js';
import type { AccessBackend } from './access-backend.js';
import { AdminClient, parseAdminUrl } from './admin-client.js';
import { CredentialStore } from './credentials.js';
import { hostSettings } from './host-settings.js';
import { LocalBackend } from './local-backend.js';
import { RemoteBackend } from './remote-backend.js';

/** Where to work, by the arguments. */
export interface Where {
  /** On this host, whatever else is set. */
  readonly local?: boolean;
  /** At this admin API. */
  readonly url?: string;
}

/** An admin API and the token for it. */
export interface Server {
  readonly url: string;
  readonly token: string;
}

/**
 * Opens the backend that the commands work on; the caller closes it.
 *
 * @param onNew called with the place of a database that is created
 */
export async function openBackend(
  where: Where,
  surroundings: Surroundings,
  onNew: (where: string) => void,
): Promise<AccessBackend> {
  const server = serverOf(where, surroundings.env);
  if (server === undefined) return LocalBackend.open(hostSettings(surroundings), onNew);
  return new RemoteBackend(AdminClient.withToken(server.url, server.token));
}

/**
 * The admin API to work at: `--url`, else CAS_CLI_URL, else the URL of the stored log-in; undefined = this host. Its
 * token: CAS_CLI_TOKEN, else the stored token if it is for that very URL.
 *
 * @throws DomainError `unauthenticated` without a token for the URL, `invalid_argument` for settings that cannot be
 */
export function serverOf({ local, url: named }: Where, env: NodeJS.ProcessEnv): Server | undefined {
  if (local === true) return undefined;
  const { CAS_CLI_URL: urlOfEnv, CAS_CLI_TOKEN: tokenOfEnv } = env;
  const text = named ?? (urlOfEnv || undefined);
  if (text === undefined && tokenOfEnv) {
    throw new DomainError('invalid_argument', 'CAS_CLI_TOKEN is set without CAS_CLI_URL or --url; a token needs both.');
  }
  if (text !== undefined && tokenOfEnv) return { url: parseAdminUrl(text), token: checkedToken(tokenOfEnv) };
  const stored = new CredentialStore(env).read();
  if (text === undefined) return stored;
  const url = parseAdminUrl(text);
  if (stored?.url === url) return stored;
  throw new DomainError('unauthenticated', `There is no log-in for ${url}. Log in with: cas auth login ${url}`);
}

/**
 * Checks a token that a person or a file gave, and returns it without the line break at its end.
 *
 * @throws DomainError `unauthenticated`; its message does not repeat the text
 */
export function checkedToken(text: string): string {
  const token = text.trim();
  if (parseToken(token) !== undefined) return token;
  throw new DomainError(
    'unauthenticated',
    'That is not a complete access token. Tokens begin with cas_pat_; check that it was copied whole.',
  );
}
