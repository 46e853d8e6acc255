import { randomUUID } from 'node:crypto';
import { access, constants, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SettingsError, type Settings } from '#config';
import { makeFolder, systemClock, withDeadline, type Clock } from '#core';
import { bindProblem, type Binding } from '../network/listen.js';
import { bindingsOf, type Roles } from './roles.js';

/** A file system that gives no answer for this long (a network drive whose server is gone) cannot be used. */
const FOLDER_MS_MAX = 5_000;

/**
 * Tries whether every port can be opened and every folder used, before anything is opened, downloaded or loaded. The
 * ports are opened and closed again: another process may take one before the service does, which then says so itself.
 *
 * @throws SettingsError with all problems at once
 */
export async function requirePlaces(settings: Settings, roles: Roles, clock: Clock = systemClock): Promise<void> {
  const { databaseUrl, dataDir, modelDir, fileRoot } = settings;
  const { ops, inference, admin } = bindingsOf(settings, roles);
  const bindings = [ops, inference, admin].filter((binding) => binding !== undefined);
  const found = await Promise.all([
    ...bindings.map(portProblem),
    // With PostgreSQL only downloaded models lie there, and a model that is in CAS_MODEL_DIR needs none.
    databaseUrl === undefined
      ? folderProblem('CAS_DATA_DIR', dataDir, 'written', () => tryToWrite(dataDir), clock)
      : [],
    roles.inference ? folderProblem('CAS_MODEL_DIR', modelDir, 'read', () => tryToRead(modelDir), clock) : [],
    fileRoot === undefined ? [] : folderProblem('CAS_FILE_ROOT', fileRoot, 'read', () => tryToRead(fileRoot), clock),
  ]);
  const problems = found.flat();
  if (problems.length > 0) throw new SettingsError(problems);
}

async function portProblem(binding: Binding): Promise<string[]> {
  const server = createServer();
  const failure = await new Promise<unknown>((settle) => {
    server.once('error', settle);
    server.listen({ host: binding.host, port: binding.port, exclusive: true }, () => settle(undefined));
  });
  if (failure === undefined) {
    await new Promise((closed) => server.close(closed));
    return [];
  }
  return [bindProblem(failure, binding) ?? `${binding.portSetting}: ${String(failure)}`];
}

async function folderProblem(
  setting: string,
  folder: string,
  use: 'read' | 'written',
  attempt: () => Promise<void>,
  clock: Clock,
): Promise<string[]> {
  const tried = attempt().then(
    () => [],
    (err: unknown) => [
      `${setting}: ${folder} cannot be ${use} by this user (${reasonOf(err)}). Name a folder that can be.`,
    ],
  );
  return withDeadline(clock, FOLDER_MS_MAX, tried, () => [
    `${setting}: ${folder} gives no answer. Look whether its file system is there, or name another folder.`,
  ]);
}

/** Writes a file: permissions alone do not show that a disk is full or a file system is read-only. */
async function tryToWrite(folder: string): Promise<void> {
  await makeFolder(folder, 0o700);
  const file = join(folder, `.tried-${randomUUID()}`);
  try {
    await writeFile(file, 'x', { flag: 'wx', mode: 0o600 });
  } finally {
    await rm(file, { force: true });
  }
}

/** A missing folder passes: loading the settings reports it, or it is the installation's own, which may be missing. */
async function tryToRead(folder: string): Promise<void> {
  try {
    await access(folder, constants.R_OK | constants.X_OK);
  } catch (err) {
    if (codeOf(err) !== 'ENOENT') throw err;
  }
}

function reasonOf(err: unknown): string {
  const code = codeOf(err);
  return typeof code === 'string' ? code : String(err);
}

function codeOf(err: unknown): unknown {
  return err instanceof Error && 'code' in err ? err.code : undefined;
}
