import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ensureBuilt, ensureInstalled, main } from './ensure.mjs';
import { packageScript, pinnedNode, root, run, say } from './process.mjs';
import { closingLine, strict, tally, total } from './test-report.mjs';

const CHECKS = {
  eslint: [
    packageScript('eslint', 'bin', 'eslint.js'),
    '.',
    '--max-warnings=0',
    '--cache',
    '--cache-location=.cache/eslint',
  ],
  prettier: [packageScript('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'],
  'dependency-cruiser': [
    packageScript('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
    ...['--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'migrations'],
  ],
  knip: [packageScript('knip', 'bin', 'knip.js')],
  'tsc console': [packageScript('typescript', 'bin', 'tsc'), '-p', 'apps/console/tsconfig.json'],
  tsc: [
    packageScript('typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.json',
    '--noEmit',
    '--tsBuildInfoFile',
    '.cache/tsc-tests',
  ],
};
/**
 * Parts that run one after the other in a lane, and the lanes beside each other: those tests wait for processes more
 * than they compute. The unit tests use every core by themselves.
 */
const LANES = [['e2e'], ['browser', 'interop']];
const PROJECTS = ['unit', ...LANES.flat()];

/**
 * `npm test`: installs and builds what is missing, then lint, unit, e2e, browser and interop tests. The last line
 * counts them all. `npm test -- --unit` (or --lint, --e2e, --browser, --interop) runs a part; other arguments go to
 * vitest: a file's name.
 */
await main(async (args) => {
  const parts = ['lint', ...PROJECTS];
  const rest = args.filter((arg) => !parts.includes(arg.replace(/^--/, '')));
  const named = parts.filter((part) => args.includes(`--${part}`));
  const chosen = named.length > 0 ? named : rest.length > 0 ? PROJECTS : parts;
  await ensureInstalled({ dev: true });
  await ensureBuilt();
  mkdirSync(join(root, '.cache'), { recursive: true });
  const tallies = [];
  if (chosen.includes('lint')) tallies.push(await lint());
  if (chosen.includes('unit')) tallies.push(await runProject('unit', rest));
  const lanes = LANES.map((lane) =>
    runInOrder(
      lane.filter((part) => chosen.includes(part)),
      rest,
    ),
  );
  return conclude(total([...tallies, ...(await Promise.all(lanes)).flat()]));
});

async function runInOrder(projects, args) {
  const tallies = [];
  for (const project of projects) tallies.push(await runProject(project, args));
  return tallies;
}

async function lint() {
  const tallies = [];
  for (const [name, command] of Object.entries(CHECKS)) {
    const startedMs = performance.now();
    const code = await run(pinnedNode, command);
    say(`${code === 0 ? 'passed' : 'FAILED'}: ${name} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
    tallies.push({ passed: code === 0 ? [name] : [], failed: code === 0 ? [] : [name], skipped: [] });
  }
  return total(tallies);
}

async function runProject(project, args) {
  const outputFile = join(root, '.cache', `test-${project}.json`);
  rmSync(outputFile, { force: true });
  say(`\n${project} tests`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
  // A part that has no test at all is fine only where a file was asked for by name.
  const empty = args.length > 0 ? ['--passWithNoTests'] : [];
  const vitest = packageScript('vitest', 'vitest.mjs');
  const code = await run(pinnedNode, [vitest, 'run', '--project', project, ...reporters, ...empty, ...args]);
  if (!existsSync(outputFile)) return { passed: [], failed: code === 0 ? [] : [`${project} did not run`], skipped: [] };
  return tally(JSON.parse(readFileSync(outputFile, 'utf8')), code);
}

function conclude(counted) {
  const result = isCi() ? strict(counted) : counted;
  say(counted.passed.length + counted.failed.length === 0 ? '\nNothing ran: no test has that name.' : '');
  for (const name of result.skipped) say(`skipped: ${name}`);
  for (const name of result.failed) say(`FAILED: ${name}`);
  process.stdout.write(`${closingLine(result)}\n`);
  return result.failed.length === 0 && result.passed.length > 0 ? 0 : 1;
}

function isCi() {
  return !['', '0', 'false'].includes(process.env.CI ?? '');
}
