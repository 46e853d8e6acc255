import type { Command } from 'commander';
import { CATALOGUE, type FileProblem } from '#models';
import { table } from '../terminal/table.js';
import type { CommandTools } from '../command-tools.js';
import { EXIT } from '../exit-codes.js';
import { addCompare } from './comparison/compare-command.js';
import { type ListedModel, listModels } from './list-models.js';
import { onModelStore } from './on-model-store.js';
import { addVersionCommands } from './version-commands.js';

/** `cas models …`: the models that this host can load and its cache; and which ones should be served, anywhere. */
export function addModelCommands(program: Command, tools: CommandTools): void {
  const models = program
    .command('models')
    .description('The models that this host can serve (on the host only), and those that are asked for');
  addList(models, tools);
  addPull(models, tools);
  addVerify(models, tools);
  addRemove(models, tools);
  addCompare(models, tools);
  addVersionCommands(models, tools);
}

function addList(models: Command, tools: CommandTools): void {
  const list = models
    .command('list')
    .alias('ls')
    .description('Lists what is on this host and what the catalogue knows')
    .option('--here', 'Only what is on this host');
  list.action(async () => {
    const { here } = tools.optionsOf<{ here?: boolean }>(list);
    const found = await onModelStore(list, tools, (store, { modelDir }) => listModels(store, modelDir));
    const shown = here ? found.filter(({ place }) => place !== 'hub') : found;
    tools.answer(list, { json: { models: shown }, text: asTable(shown) });
  });
}

function addPull(models: Command, tools: CommandTools): void {
  const pull = models
    .command('pull <name...>')
    .description('Downloads models into the cache, as the start of the service would, and mends those that are there')
    .addHelpText(
      'after',
      `\nNames are those of the catalogue (such as ${EXAMPLE} or ${EXAMPLE}@int8) or hub:owner/name[@revision[@int8]].`,
    );
  pull.action(async (names: string[]) => {
    const pulled = await onModelStore(pull, tools, async (store) => {
      const folders: { model: string; folder: string }[] = [];
      for (const model of names) folders.push({ model, folder: await store.pull(model) });
      return folders;
    });
    const text = pulled.map(({ model, folder }) => `${model} is in ${folder}`).join('\n');
    tools.answer(pull, { json: { models: pulled }, text });
  });
}

function addVerify(models: Command, tools: CommandTools): void {
  const verify = models
    .command('verify [name...]')
    .description(
      'Reads every byte of downloaded models (all without a name) and compares it with its SHA-256; needs no network',
    );
  verify.action(async (names: string[]) => {
    const checked = await onModelStore(verify, tools, async (store) => {
      const wanted = names.length > 0 ? names : (await store.list()).map(({ name }) => name);
      const results: { model: string; ok: boolean; problems: FileProblem[] }[] = [];
      for (const model of wanted) {
        const problems = await store.verify(model);
        results.push({ model, ok: problems.length === 0, problems });
      }
      return results;
    });
    if (checked.some(({ ok }) => !ok)) tools.exitCode = EXIT.failed;
    const lines = checked.flatMap(({ model, ok, problems }) => [
      `${model}: ${ok ? 'whole and right' : 'damaged; "cas models pull" mends it'}`,
      ...problems.map(({ path, problem }) => `  ${path}: ${PROBLEM_TEXTS[problem]}`),
    ]);
    tools.answer(verify, { json: { models: checked }, text: lines.join('\n') || 'The cache is empty.' });
  });
}

function addRemove(models: Command, tools: CommandTools): void {
  const remove = models.command('rm <name...>').description('Deletes downloaded models that nothing has in use');
  remove.action(async (names: string[]) => {
    await onModelStore(remove, tools, async (store) => {
      for (const name of names) await store.remove(name);
    });
    tools.answer(remove, { json: { removed: names }, text: `Removed ${names.join(', ')}.` });
  });
}

const EXAMPLE = CATALOGUE[0]?.name ?? '';

const PROBLEM_TEXTS: Readonly<Record<FileProblem['problem'], string>> = {
  missing: 'is missing',
  size: 'has another size',
  content: 'has another content',
};

function asTable(models: readonly ListedModel[]): string {
  return table(
    ['NAME', 'HERE', 'SIZE', 'DIMENSIONS', 'PIXELS', 'VARIANTS', 'LICENCE', 'FROM'],
    models.map(({ name, place, megabytes, dimension, imageSize, variants, licence, repository, note }) => [
      name,
      place === 'hub' ? '' : place,
      megabytes === null ? '' : `${megabytes} MB`,
      String(dimension ?? ''),
      String(imageSize ?? ''),
      variants.map((precision) => `@${precision}`).join(' '),
      licence ?? '',
      repository ?? (place === 'hub' ? (note ?? '') : ''),
    ]),
  );
}
