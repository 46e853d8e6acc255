import { Option, type Command } from 'commander';
import { ACCOUNT_ROLES, parseEmail, type Account } from '#auth';
import { DomainError } from '#core';
import type { AccountRole } from '#database';
import type { AccessBackend, Link } from '../backend/access-backend.js';
import { hostSettings } from '../backend/host-settings.js';
import { LocalBackend } from '../backend/local-backend.js';
import type { CommandTools } from '../command-tools.js';
import { toIso, table, formatTime } from '../terminal/table.js';

/** `cas account …` */
export function addAccountCommands(program: Command, tools: CommandTools): void {
  const account = program.command('account').description('People who may use the console');
  addList(account, tools);
  addInvite(account, tools);
  addResetLink(account, tools);
  addSetupLink(account, tools);
}

function addList(account: Command, tools: CommandTools): void {
  const list = account.command('list').description('Shows the accounts, by e-mail address');
  list.action(async () => {
    const accounts = await tools.onBackend(list, (backend) => backend.listAccounts());
    if (accounts.length === 0) tools.say(list, 'There are no accounts. Make the first with: cas account setup-link');
    tools.answer(list, {
      json: { accounts: accounts.map(accountJson) },
      text: accounts.length === 0 ? '' : accountTable(accounts),
    });
  });
}

function addInvite(account: Command, tools: CommandTools): void {
  const invite = account
    .command('invite <email>')
    .description('Makes an account and the link by which its person chooses a password')
    .option('--name <name>', 'What to call the person. Default: the address before the @')
    .addOption(new Option('--role <role>', 'What the person may do').choices(ACCOUNT_ROLES).default('member'));
  invite.action(async (text: string) => {
    const { name, role } = tools.optionsOf<{ name?: string; role: AccountRole }>(invite);
    const email = parseEmail(text);
    const person = { email, name: name ?? email.slice(0, email.lastIndexOf('@')).slice(0, 100), role };
    const { account: made, link } = await tools.onBackend(invite, (backend) => backend.invite(person));
    tools.say(invite, `Send this to ${made.email}. ${validity(link)}`);
    tools.answer(invite, { json: { ...accountJson(made), ...linkJson(link) }, text: link.url });
  });
}

function addResetLink(account: Command, tools: CommandTools): void {
  const reset = account
    .command('reset-link <account>')
    .description(
      'Makes a link by which a person chooses a new password, and has single sign-on bind the account anew. ' +
        '<account> is the e-mail address or the id',
    );
  reset.action(async (reference: string) => {
    const { found, link } = await tools.onBackend(reset, async (backend) => {
      const person = await findAccount(backend, reference);
      return { found: person, link: await backend.resetLink(person.id) };
    });
    tools.say(reset, `Send this to ${found.email}. ${validity(link)}`);
    tools.answer(reset, { json: { id: found.id, email: found.email, ...linkJson(link) }, text: link.url });
  });
}

function addSetupLink(account: Command, tools: CommandTools): void {
  const setup = account
    .command('setup-link')
    .description('Makes the link by which the first account is made (on the host only); older ones end');
  setup.action(async () => {
    tools.requireHost(setup);
    const backend = await LocalBackend.open(hostSettings(tools.surroundings));
    const link = await backend.setupLink().finally(() => backend.close());
    if (link === undefined) {
      throw new DomainError('conflict', 'There is an account already. See: cas account list, cas account reset-link');
    }
    tools.say(setup, `Open this in a browser. ${validity(link)}`);
    tools.answer(setup, { json: linkJson(link), text: link.url });
  });
}

async function findAccount(backend: AccessBackend, reference: string): Promise<Account> {
  const email = reference.trim().toLowerCase();
  const found = (await backend.listAccounts()).find((person) => person.id === reference || person.email === email);
  if (found !== undefined) return found;
  throw new DomainError('not_found', `There is no account ${JSON.stringify(reference)}. See: cas account list`);
}

function accountJson(account: Account): Record<string, unknown> {
  const { id, email, name, role, status, hasPassword, hasSingleSignOn, createdAtMs, lastLoginAtMs } = account;
  const times = { createdAt: toIso(createdAtMs), lastLoginAt: toIso(lastLoginAtMs) };
  return { id, email, name, role, status, hasPassword, hasSingleSignOn, ...times };
}

function linkJson({ url, expiresAtMs }: Link): Record<string, unknown> {
  return { url, expiresAt: toIso(expiresAtMs) };
}

function accountTable(accounts: readonly Account[]): string {
  return table(
    ['E-MAIL', 'NAME', 'ROLE', 'STATUS', 'LAST LOG-IN', 'ID'],
    accounts.map(({ id, email, name, role, status, lastLoginAtMs }) => [
      ...[email, name, role, status],
      formatTime(lastLoginAtMs, 'never'),
      id,
    ]),
  );
}

function validity({ expiresAtMs }: Link): string {
  return `The link works once, until ${formatTime(expiresAtMs, '')}:`;
}
