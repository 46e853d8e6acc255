import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { backUpDatabase, databaseStatus, migrateDatabase, restoreDatabase, type DatabaseOptions } from '#database';
import { DomainError } from '#core';
import { databaseOptions, hostSettings } from '../backend/host-settings.js';
import type { CommandTools } from '../command-tools.js';

/** `cas database …`, on the host only */
export function addDatabaseCommands(program: Command, tools: CommandTools): void {
  const database = program.command('database').description('The database of the service (on the host only)');
  addStatus(database, tools);
  addMigrate(database, tools);
  addBackup(database, tools);
  addRestore(database, tools);
}

function addStatus(database: Command, tools: CommandTools): void {
  const status = database
    .command('status')
    .description('Shows where it is and which steps its schema has; changes nothing');
  status.action(async () => {
    const found = await databaseStatus(optionsFor(status, tools));
    const steps = (title: string, names: readonly string[]) => `${title}: ${names.join(', ') || 'none'}\n`;
    const text =
      `${found.dialect}: ${found.where}${found.exists ? '' : ' (not made yet)'}\n` +
      steps('applied', found.applied) +
      steps('missing, applied by the next start', found.missing) +
      (found.unknown.length === 0 ? '' : steps('of a newer version, which this one cannot use', found.unknown));
    tools.answer(status, { json: { ...found }, text });
  });
}

function addMigrate(database: Command, tools: CommandTools): void {
  const migrate = database
    .command('migrate')
    .description('Makes it if it is missing, and brings its schema up to date');
  migrate.action(async () => {
    const applied = await migrateDatabase(optionsFor(migrate, tools));
    const text = applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`;
    tools.answer(migrate, { json: { applied }, text });
  });
}

function addBackup(database: Command, tools: CommandTools): void {
  const backup = database
    .command('backup <file>')
    .description('Writes a copy of the SQLite database, also while the service runs');
  backup.action(async (name: string) => {
    const file = resolve(tools.surroundings.cwd, name);
    if (!existsSync(dirname(file))) throw new DomainError('invalid_argument', `There is no folder ${dirname(file)}.`);
    const { bytes } = await backUpDatabase(optionsFor(backup, tools), file);
    tools.answer(backup, { json: { file, bytes }, text: `Wrote ${file} (${bytes} bytes).` });
  });
}

function addRestore(database: Command, tools: CommandTools): void {
  const restore = database
    .command('restore <file>')
    .description('Puts a back-up in the place of the SQLite database, with the service stopped, and keeps the old one');
  restore.action(async (name: string) => {
    const file = resolve(tools.surroundings.cwd, name);
    if (!existsSync(file)) throw new DomainError('invalid_argument', `There is no file ${file}.`);
    const { keptAside = null } = await restoreDatabase(optionsFor(restore, tools), file);
    const kept = keptAside === null ? 'There was no database before.' : `The database before is kept in ${keptAside}.`;
    tools.answer(restore, { json: { file, keptAside }, text: `Restored ${file}. ${kept}` });
  });
}

function optionsFor(command: Command, tools: CommandTools): DatabaseOptions {
  tools.requireHost(command);
  return databaseOptions(hostSettings(tools.surroundings));
}
