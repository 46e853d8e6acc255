import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { DomainError } from '#core';
import type { CommandTools } from '../command-tools.js';
import type { Conversion } from './conversion.js';
import { convertFlow } from './convert-flow.js';
import { countGpus } from './devices.js';
import { readFlow } from './read-flow.js';
import { problemsOf, settingsFile } from './settings-file.js';
import { shown } from './tree.js';

interface ImportOptions {
  readonly output?: string;
  readonly gpus?: number;
}

/** `cas import-flow FLOW.yml`: needs no server and no database */
export function addImportFlowCommand(program: Command, tools: CommandTools): void {
  const command = program
    .command('import-flow <flow.yml>')
    .description("Turns a Flow file of the Python server into a cas.yml, and names what of it can't be carried over")
    .option('-o, --output <file>', 'Write the settings there instead of to stdout; an existing file is left alone')
    .option('--gpus <count>', 'How many GPUs the machine has, for RR (default: what nvidia-smi lists)', wholeCount);
  command.action(async (name: string) => {
    const { output, gpus } = tools.optionsOf<ImportOptions>(command);
    const { env, cwd } = tools.surroundings;
    const file = resolve(cwd, name);
    const result = convertFlow(readFlow(readFlowFile(file)), dirname(file), {
      env,
      gpus: gpus ?? (await countGpus(env)),
    });
    const text = settingsFile(result, shown(basename(file)));
    if (output !== undefined) writeNew(resolve(cwd, output), text);
    const problems = await problemsOf(text, { env, cwd });
    for (const { where, why } of result.leftOut) tools.say(command, `not carried over: ${where}: ${why}`);
    for (const problem of problems) tools.say(command, `the service would not start with it here: ${problem}`);
    const json = {
      file: output ?? null,
      settings: settingsOf(result),
      notCarriedOver: result.leftOut,
      problems,
      yaml: text,
    };
    tools.answer(command, { json, text: output === undefined ? text : '' });
    if (output !== undefined) tools.say(command, `Wrote ${output}.`);
  });
}

function settingsOf({ settings }: Conversion): Record<string, unknown> {
  return Object.fromEntries(settings.map(({ key, value }) => [key, value]));
}

function wholeCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

/** The file's bytes; of a file that is far too large for a Flow, only its size is looked at. */
function readFlowFile(file: string): Uint8Array {
  try {
    const found = statSync(file);
    if (found.isFile() && found.size < 2 ** 20) return readFileSync(file);
    throw new Error(found.isFile() ? `it has ${found.size} bytes` : 'it is not a file');
  } catch (thrown) {
    throw new DomainError('invalid_argument', `The Flow ${file} cannot be read: ${reasonOf(thrown)}.`);
  }
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (thrown) {
    throw new DomainError('conflict', `${file} cannot be written: ${reasonOf(thrown)}.`);
  }
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const code = 'code' in thrown ? String(thrown.code) : '';
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'it is not there',
    EACCES: 'it may not be opened',
    EEXIST: 'it exists already; name another file or remove it',
    EISDIR: 'it is a folder',
  };
  return known[code] ?? thrown.message;
}
