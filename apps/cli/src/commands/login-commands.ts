import { Option, type Command } from 'commander';
import { isLoopback } from '#config';
import { DomainError } from '#core';
import type { Identity } from '../backend/access-backend.js';
import { AdminClient, parseAdminUrl } from '../backend/admin-client.js';
import { CredentialStore, type Credentials } from '../backend/credentials.js';
import { makeTokenByPassword } from '../backend/log-in.js';
import { checkedToken } from '../backend/open-backend.js';
import { RemoteBackend } from '../backend/remote-backend.js';
import type { CommandTools } from '../command-tools.js';
import { ask, askSecret, canAsk, secretFromStdin } from '../terminal/ask.js';

/** The address of the admin API of a service on this machine with the default settings. */
const URL_DEFAULT = 'http://127.0.0.1:51001';

interface LoginOptions {
  readonly email?: string;
  readonly passwordStdin?: true;
  readonly tokenStdin?: true;
}

/** `cas auth login`, `logout` and `whoami` */
export function addLoginCommands(auth: Command, tools: CommandTools): void {
  addLogin(auth, tools);
  addLogout(auth, tools);
  const whoami = auth.command('whoami').description('Shows which server or database the commands use, and as whom');
  whoami.action(async () => {
    const identity = await tools.onBackend(whoami, (backend) => backend.whoAmI());
    const { where, name, role } = identity;
    tools.answer(whoami, { json: { ...identity }, text: `${name}, with the rights of the role ${role}, at ${where}` });
  });
}

function addLogin(auth: Command, tools: CommandTools): void {
  const login = auth
    .command('login [url]')
    .description(`Makes the other commands use an admin API. Default: CAS_CLI_URL, else ${URL_DEFAULT}`)
    .option('--email <address>', 'The account; asked for when left out')
    .option('--password-stdin', 'Take the password from stdin instead of asking for it')
    .addOption(
      new Option('--token-stdin', 'Take an access token with the scope admin:* from stdin instead').conflicts([
        'email',
        'passwordStdin',
      ]),
    );
  login.action(async (named?: string) => {
    const { url: fromOption, ...options } = tools.optionsOf<LoginOptions>(login);
    const { env } = tools.surroundings;
    const url = parseAdminUrl(named ?? fromOption ?? (env['CAS_CLI_URL'] || URL_DEFAULT));
    if (isClearText(url))
      tools.say(login, `Warning: ${url} is not encrypted; who can listen gets the token. Use https.`);
    const store = new CredentialStore(env);
    const former = formerOf(store, (text) => tools.say(login, text));
    const credentials = await credentialsFor(url, options, tools);
    const { name, role } = await stored(store, credentials);
    if (former !== undefined) await revokeTokenOf(former);
    tools.answer(login, { json: { url, name, role }, text: `Logged in at ${url} as ${name} (${role}).` });
  });
}

function addLogout(auth: Command, tools: CommandTools): void {
  const logout = auth.command('logout').description('Forgets the log-in, and revokes the token that it made');
  logout.action(async () => {
    const store = new CredentialStore(tools.surroundings.env);
    const former = store.read();
    const revoked = former !== undefined && (await revokeTokenOf(former));
    store.remove();
    if (former?.tokenId !== undefined && !revoked) {
      tools.say(logout, `The token of the log-in could not be revoked: revoke ${former.tokenId} in the console.`);
    }
    const text = former === undefined ? 'You were not logged in.' : `Logged out at ${former.url}.`;
    tools.answer(logout, { json: { url: former?.url ?? null, revoked }, text });
  });
}

async function credentialsFor(url: string, options: LoginOptions, tools: CommandTools): Promise<Credentials> {
  const terminal = tools.surroundings;
  if (options.tokenStdin === true) return { url, token: checkedToken(await secretFromStdin(terminal)) };
  const fromStdin = options.passwordStdin === true;
  if (options.email === undefined ? fromStdin || !canAsk(terminal) : !fromStdin && !canAsk(terminal)) {
    throw new DomainError(
      'invalid_argument',
      'There is no terminal to ask on: give --email and --password-stdin, or --token-stdin.',
    );
  }
  const email = options.email ?? (await ask(terminal, 'E-mail: '));
  const password = fromStdin ? await secretFromStdin(terminal) : await askSecret(terminal, 'Password: ');
  const { token, record } = await makeTokenByPassword(url, email, password);
  return { url, token, tokenId: record.id };
}

/** The log-in that the new one replaces; undefined when there is none or it cannot be read. */
function formerOf(store: CredentialStore, say: (text: string) => void): Credentials | undefined {
  try {
    return store.read();
  } catch {
    say('Warning: the earlier log-in cannot be read. A token that it made stays valid: revoke it in the console.');
    return undefined;
  }
}

/**
 * Stores a log-in that works and returns whose it is. When it does not work or cannot be stored, the token that was
 * made for it is revoked.
 */
async function stored(store: CredentialStore, credentials: Credentials): Promise<Identity> {
  try {
    const identity = await backendOf(credentials).whoAmI();
    store.write(credentials);
    return identity;
  } catch (err) {
    await revokeTokenOf(credentials);
    throw err;
  }
}

/** Revokes the token that a log-in made; returns whether it did. */
async function revokeTokenOf(credentials: Credentials): Promise<boolean> {
  const { tokenId } = credentials;
  if (tokenId === undefined) return false;
  return backendOf(credentials)
    .revokeToken(tokenId)
    .then(
      () => true,
      () => false,
    );
}

function backendOf({ url, token }: Credentials): RemoteBackend {
  return new RemoteBackend(AdminClient.withToken(url, token));
}

function isClearText(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, ''));
}
