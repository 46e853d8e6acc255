import { writeFileSync } from 'node:fs';
import { repositoryRoot } from '../support/server.js';
import { jsonRows } from './json-rows.js';
import { describeMachine, loadAverage } from './machine.js';
import { measureModel, type ModelFigures } from './measure.js';
import { parseOptions, USAGE, type BenchOptions } from './options.js';
import { renderReport } from './report.js';
import { benchTokens } from './token-flood.js';

/** Measures the built service, a bare loop and the Python server, and writes what was asked for. */
export async function main(args: string[]): Promise<void> {
  const options = parseOptions(args, repositoryRoot, process.env);
  if (!options) return console.log(USAGE);
  if (options.tokens !== undefined) return benchTokens(options.tokens);
  const startedMs = performance.now();
  const loadBefore = loadAverage();
  const models: ModelFigures[] = [];
  for (const model of options.models) models.push(await measureModel(model, options));
  const minutes = (performance.now() - startedMs) / 60_000;
  const run = { machine: describeMachine(), loadBefore, loadAfter: loadAverage(), options, minutes };
  write(options, renderReport(run, models), models);
}

function write({ jsonFile, documentFile }: BenchOptions, report: string, models: readonly ModelFigures[]): void {
  if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(jsonRows(models), null, 2)}\n`);
  if (documentFile) writeFileSync(documentFile, report);
  else console.log(`\n${report}`);
}
