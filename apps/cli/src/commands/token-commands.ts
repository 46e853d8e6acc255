import { Option, type Command } from 'commander';
import type { TokenSpec } from '#auth';
import { DomainError } from '#core';
import type { CommandTools } from '../command-tools.js';
import { formatTime } from '../terminal/table.js';
import { findToken } from './find-token.js';
import { duration, wholeNumber } from './option-values.js';
import { addRightsOptions, hasLimits, limitsOf, type RightsOptions } from './token-options.js';
import { describeToken, issuedJson, tokenJson, tokenTable } from './token-view.js';

const DAYS_DEFAULT = 90;
const GRACE_DEFAULT = '24h';
const REFERENCE = 'its name, its id or its public part';

/** `cas auth token …` */
export function addTokenCommands(auth: Command, tools: CommandTools): void {
  const token = auth.command('token').description('Access tokens for callers of the service');
  addCreate(token, tools);
  addList(token, tools);
  addUpdate(token, tools);
  addRotate(token, tools);
  addRevoke(token, tools);
  addRestore(token, tools);
  addEndGrace(token, tools);
}

function addCreate(token: Command, tools: CommandTools): void {
  const create = token
    .command('create <name>')
    .description('Makes a token and shows it this once')
    .addOption(
      new Option('-e, --expires-in <days>', 'Days until it expires').argParser(wholeNumber).default(DAYS_DEFAULT),
    )
    .addOption(new Option('--never-expires', 'It works until it is revoked').conflicts('expiresIn'));
  addRightsOptions(create, { isNew: true }).action(async (name: string) => {
    const options = tools.optionsOf<RightsOptions & { expiresIn: number; neverExpires?: true }>(create);
    const { scope: scopes, model: models } = options;
    const spec = {
      name,
      expiresInDays: options.neverExpires === true ? null : options.expiresIn,
      ...(scopes === undefined ? {} : { scopes }),
      ...(models === undefined ? {} : { models }),
      ...(hasLimits(options) ? { limits: limitsOf(options) } : {}),
    };
    const issued = await tools.onBackend(create, (backend) => backend.createToken(spec));
    tools.say(create, `${describeToken(issued.record)}\nThe token is shown this once:`);
    tools.answer(create, { json: issuedJson(issued), text: issued.token });
  });
}

function addList(token: Command, tools: CommandTools): void {
  const list = token
    .command('list')
    .description('Shows the tokens, the newest first')
    .option('--all', 'Also those that were revoked or have expired');
  list.action(async () => {
    const includeEnded = tools.optionsOf<{ all?: true }>(list).all === true;
    const records = await tools.onBackend(list, (backend) => backend.listTokens({ includeEnded }));
    if (records.length === 0) tools.say(list, 'There are no tokens. Make one with: cas auth token create <name>');
    const text = records.length === 0 ? '' : tokenTable(records);
    tools.answer(list, { json: { tokens: records.map(tokenJson) }, text });
  });
}

function addUpdate(token: Command, tools: CommandTools): void {
  const update = token
    .command('update <token>')
    .description(`Changes what is given and leaves the rest. <token> is ${REFERENCE}`)
    .option('--name <name>', 'A new name')
    .addOption(new Option('--all-models', 'It may use every model').conflicts('model'));
  addRightsOptions(update, { isNew: false }).action(async (reference: string) => {
    const options = tools.optionsOf<RightsOptions & { name?: string; allModels?: true }>(update);
    const models = options.allModels === true ? null : options.model;
    const given: Partial<TokenSpec> = {
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.scope === undefined ? {} : { scopes: options.scope }),
      ...(models === undefined ? {} : { models }),
    };
    await change(update, tools, reference, given, hasLimits(options) ? options : undefined);
  });
  const rename = token.command('rename <token> <name>').description(`Gives it a new name. <token> is ${REFERENCE}`);
  rename.action((reference: string, name: string) => change(rename, tools, reference, { name }));
}

async function change(
  command: Command,
  tools: CommandTools,
  reference: string,
  given: Partial<TokenSpec>,
  limits?: RightsOptions,
): Promise<void> {
  if (Object.keys(given).length === 0 && limits === undefined) {
    throw new DomainError('invalid_argument', 'Say what to change; see: cas auth token update --help');
  }
  const record = await tools.onBackend(command, async (backend) => {
    const found = await findToken(backend, reference);
    const spec = limits === undefined ? given : { ...given, limits: limitsOf(limits, found.limits) };
    return backend.updateToken(found.id, spec);
  });
  tools.answer(command, { json: tokenJson(record), text: describeToken(record) });
}

function addRotate(token: Command, tools: CommandTools): void {
  const rotate = token
    .command('rotate <token>')
    .description(`Makes a new secret for the same token and shows it this once. <token> is ${REFERENCE}`)
    .addOption(
      new Option('--grace <time>', 'How long the old secret goes on working: 30m, 24h, 7d, or 0')
        .argParser(duration)
        .default(duration(GRACE_DEFAULT), GRACE_DEFAULT),
    );
  rotate.action(async (reference: string) => {
    const { grace } = tools.optionsOf<{ grace: number }>(rotate);
    const issued = await tools.onBackend(rotate, async (backend) =>
      backend.rotateToken((await findToken(backend, reference)).id, grace),
    );
    const until = formatTime(issued.record.graceUntilMs, 'now');
    tools.say(
      rotate,
      `${describeToken(issued.record)}\nThe old secret works until ${until}. The new token is shown this once:`,
    );
    tools.answer(rotate, { json: issuedJson(issued), text: issued.token });
  });
}

function addRevoke(token: Command, tools: CommandTools): void {
  const revoke = token
    .command('revoke <token>')
    .description(`Ends it; "restore" undoes that for 10 minutes. <token> is ${REFERENCE}`);
  revoke.action(async (reference: string) => {
    const record = await tools.onBackend(revoke, async (backend) =>
      backend.revokeToken((await findToken(backend, reference)).id),
    );
    const text = `${record.name} (${record.id}) was revoked ${formatTime(record.revokedAtMs, 'now')}. Undo within 10 minutes: cas auth token restore ${record.id}`;
    tools.answer(revoke, { json: tokenJson(record), text });
  });
}

function addRestore(token: Command, tools: CommandTools): void {
  const restore = token
    .command('restore <token>')
    .description(`Undoes a revocation of the last 10 minutes: the same secret works again. <token> is ${REFERENCE}`);
  restore.action(async (reference: string) => {
    const record = await tools.onBackend(restore, async (backend) =>
      backend.restoreToken((await findToken(backend, reference, 'revoked')).id),
    );
    tools.answer(restore, { json: tokenJson(record), text: `${record.name} (${record.id}) works again.` });
  });
}

function addEndGrace(token: Command, tools: CommandTools): void {
  const endGrace = token
    .command('end-grace <token>')
    .description(`Ends the old secret of a rotation now, before its grace is over. <token> is ${REFERENCE}`);
  endGrace.action(async (reference: string) => {
    const record = await tools.onBackend(endGrace, async (backend) =>
      backend.endGrace((await findToken(backend, reference)).id),
    );
    tools.answer(endGrace, {
      json: tokenJson(record),
      text: `Only the newest secret of ${record.name} (${record.id}) works.`,
    });
  });
}
