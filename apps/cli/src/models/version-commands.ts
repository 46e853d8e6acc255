import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import { DomainError, parseJson } from '#core';
import type { ModelsAsked, ModelsChanged, ModelsPlan } from '../backend/access-backend.js';
import type { CommandTools } from '../command-tools.js';

/** `cas models plan …`: which models should be served; on the host, or through an admin API. */
export function addVersionCommands(models: Command, tools: CommandTools): void {
  addPlan(models, tools);
  addApply(models, tools);
  addRollback(models, tools);
  addDiff(models, tools);
}

function addPlan(models: Command, tools: CommandTools): void {
  const plan = models
    .command('plan <file>')
    .description('Shows the steps to the models of a file, in the form of docs/pools.md; changes nothing');
  plan.action(async (file: string) => {
    const asked = await readModels(resolve(tools.surroundings.cwd, file));
    const planned = await tools.onBackend(plan, (backend) => backend.planModels(asked));
    tools.answer(plan, { json: { ...planned }, text: planText(planned) });
  });
}

function addApply(models: Command, tools: CommandTools): void {
  const apply = models
    .command('apply <file>')
    .description('Asks for the models of a file from now on; every server follows')
    .option('--note <text>', 'Why, for people');
  apply.action(async (file: string) => {
    const { note } = tools.optionsOf<{ note?: string }>(apply);
    const asked = await readModels(resolve(tools.surroundings.cwd, file));
    const change = { ...asked, ...(note === undefined ? {} : { note }) };
    const changed = await tools.onBackend(apply, (backend) => backend.applyModels(change));
    tools.answer(apply, { json: { ...changed }, text: changeText(changed) });
  });
}

function addRollback(models: Command, tools: CommandTools): void {
  const rollback = models
    .command('rollback')
    .argument('<version>', 'Its number', versionNumber)
    .description('Asks again for the models of an older version, as a new one; every server follows');
  rollback.action(async (version: number) => {
    const changed = await tools.onBackend(rollback, (backend) => backend.rollBackModels(version));
    tools.answer(rollback, { json: { ...changed }, text: changeText(changed) });
  });
}

function addDiff(models: Command, tools: CommandTools): void {
  const diff = models
    .command('diff')
    .argument('<from>', 'A version', versionNumber)
    .argument('<to>', 'Another version', versionNumber)
    .description('Shows what a version of the models asks for that another one did not');
  diff.action(async (from: number, to: number) => {
    const differences = await tools.onBackend(diff, (backend) => backend.compareModels(from, to));
    const text = differences.length === 0 ? 'Both ask for the same.' : differences.join('\n');
    tools.answer(diff, { json: { differences }, text });
  });
}

const fileForm = z.object({
  models: z.array(
    z.strictObject({
      name: z.string(),
      replicas: z.number(),
      devices: z.array(z.string()),
      isDefault: z.boolean(),
      batchItemsMax: z.number().optional(),
      rssBytesMax: z.number().optional(),
    }),
  ),
  note: z.string().optional(),
  basedOn: z.number().optional(),
});

/** @throws DomainError `invalid_argument` for a file that is not there, or not of the form */
async function readModels(path: string): Promise<ModelsAsked> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DomainError('invalid_argument', `The file ${path} cannot be read.`, { cause });
  });
  const { success, data, error } = fileForm.safeParse(parseJson(text));
  if (!success) {
    const [first] = error.issues;
    const where = first && first.path.length > 0 ? ` at ${first.path.join('.')}: ${first.message}` : '';
    const form = 'It must hold {"models": [{"name", "replicas", "devices", "isDefault"}, …]}.';
    throw new DomainError('invalid_argument', `The file ${path} is not a list of models${where}. ${form}`);
  }
  const models = data.models.map(({ batchItemsMax, rssBytesMax, ...model }) => ({
    ...model,
    ...(batchItemsMax === undefined ? {} : { batchItemsMax }),
    ...(rssBytesMax === undefined ? {} : { rssBytesMax }),
  }));
  return { models, note: data.note, basedOn: data.basedOn };
}

function versionNumber(text: string): number {
  const version = Number(text);
  if (Number.isSafeInteger(version) && version > 0) return version;
  throw new InvalidArgumentError('It must be the number of a version.');
}

function planText({ steps, warnings }: ModelsPlan): string {
  if (steps.length === 0) return 'Nothing to do: all is served as asked for.';
  return [...steps, ...warnings.map((warning) => `Warning: ${warning}`)].join('\n');
}

function changeText({ version, undoVersion, stops }: ModelsChanged): string {
  const undo = undoVersion === null ? [] : [`To undo it: cas models rollback ${undoVersion}`];
  return [`Version ${version} is in force.`, ...stops, ...undo].join('\n');
}
