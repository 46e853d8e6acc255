import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleUnderTest } from '../browser/support/console-under-test.js';
import type { Person } from '../browser/support/person.js';
import { repositoryRoot } from '../support/server.js';
import { clientReleases, pythonEnvironment } from './python-environments.js';

// What the console gives to be copied is copied by its buttons, in a real browser, and run as it is.

const run = promisify(execFile);
const RUN_WITHIN_MS = 120_000;

let folder: string;
let tested: ConsoleUnderTest;
let owner: Person;
let python: string | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cas-copied-'));
  copyFileSync(join(repositoryRoot, 'test/fixtures/photo-cat.jpg'), join(folder, 'picture.jpg'));
  // The newest one, which is what the snippet says to install.
  const environment = await pythonEnvironment(clientReleases[1] ?? { name: '', locks: [] });
  python = 'missing' in environment ? undefined : environment.python;
  tested = await ConsoleUnderTest.open({ env: { CAS_AUTH: 'required' } });
  owner = await tested.setUp();
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(async () => {
  await tested?.[Symbol.asyncDispose]();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function copied(page: Page, label: string): Promise<string> {
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await page.getByRole('button', { name: `Copy: ${label}` }).click();
  const read = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(read).not.toBe('');
  return read();
}

/** Runs it in a folder with `picture.jpg`; answers what it prints, and rejects when it fails. */
async function running(program: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: folder, PYTHONDONTWRITEBYTECODE: '1' };
  const { stdout } = await run(program, args, { cwd: folder, env, timeout: RUN_WITHIN_MS });
  return stdout;
}

function saved(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const shell = (command: string): Promise<string> => running('sh', ['-c', command]);
const node = (program: string): Promise<string> => running(process.execPath, [saved('request.ts', program)]);

/** With the variables of `.env`, as a shell or Node reads them. */
const shellWith = (env: string, command: string): Promise<string> =>
  shell(`set -a; . ./${saved('.env', env)}; set +a\n${command}`);

/** Makes a token in the page, with these scopes only. */
async function issue(name: string, scopes: readonly string[], model?: string): Promise<Page> {
  const page = await tested.page('/tokens', { as: owner });
  await page.getByRole('button', { name: 'New token' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New token' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  for (const scope of ['encode', 'rank', 'index', 'search', 'models:read', 'admin:*']) {
    const box = dialog.getByRole('checkbox', { name: new RegExp(`^${scope.replace('*', String.raw`\*`)}`) });
    await box.setChecked(scopes.includes(scope));
  }
  if (model !== undefined) {
    await dialog.getByRole('checkbox', { name: /^Every model/ }).uncheck();
    await dialog.getByRole('checkbox', { name: model }).check();
  }
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await page.getByRole('dialog', { name: `Token “${name}”` }).waitFor();
  return page;
}

describe('the code of a new token', () => {
  it.each<[scopes: string, answer: RegExp, clientAnswer?: RegExp, model?: string]>([
    ['encode rank', /embedding/, /^\(1, 512\)\n$/],
    ['encode', /embedding/, /^\(1, 512\)\n$/, 'mini-clip'],
    ['rank', /score/, /a photo of a cat/, 'mini-clip'],
    ['models:read', /mini-clip/],
    ['index', /embedding/],
    ['admin:*', /publicPart/],
  ])('runs as it is copied, for %s', async (scopes, answer, clientAnswer, model) => {
    const page = await issue(`${scopes} ${model ?? ''}`.trim(), scopes.split(' '), model);
    expect(await shell(await copied(page, 'A request by curl'))).toMatch(answer);
    await page.getByRole('tab', { name: 'TypeScript' }).click();
    expect(await node(await copied(page, 'A request in TypeScript'))).toMatch(answer);
    await page.getByRole('tab', { name: 'Python' }).click();
    const overHttp = await copied(page, 'Python over HTTP');
    const client = page.getByRole('button', { name: 'Copy: Python with clip-client' });
    expect(await client.count()).toBe(clientAnswer === undefined ? 0 : 1);
    if (python === undefined) return;
    expect(await running(python, [saved('over_http.py', overHttp)])).toMatch(answer);
    if (clientAnswer === undefined) return;
    const program = await copied(page, 'Python with clip-client');
    expect(await running(python, [saved('by_client.py', program)])).toMatch(clientAnswer);
  });

  it('says to install what it was run with', async () => {
    const page = await issue('to install', ['encode']);
    await page.getByRole('tab', { name: 'Python' }).click();
    const [line = ''] = (await copied(page, 'Python with clip-client')).split('\n');
    const [, url = ''] = /^# pip install clip-client==0\.8\.3 setuptools -c (\S+)$/.exec(line) ?? [];
    const constraints = (await (await fetch(url)).text()).split('\n');
    if (python === undefined) return;
    const installed = (await running(python, ['-m', 'pip', 'freeze', '--all'])).trim().toLowerCase().split('\n');
    const names = new Set(constraints.map((pinned) => pinned.split('==')[0]?.toLowerCase()));
    const pinned = installed.filter((one) => names.has(one.split('==')[0] ?? ''));
    expect(pinned.length).toBeGreaterThan(50);
    expect(constraints.map((one) => one.toLowerCase())).toEqual(expect.arrayContaining(pinned));
  });

  it('gives the variables that clip-client and the code of the playground read', async () => {
    const page = await issue('by its environment', ['encode', 'rank']);
    await page.getByRole('tab', { name: '.env' }).click();
    const env = await copied(page, 'Environment variables');
    const program = saved(
      'environment.py',
      "import os\nfrom clip_client import Client\nprint(Client(os.environ['CLIP_URL']).encode(['a cat']).shape)\n",
    );
    if (python !== undefined) expect(await shellWith(env, `${python} ${program}`)).toBe('(1, 512)\n');

    const texts = ['a photo of a cat', `it's "a" \\ dog's $HOME\`photo\``];
    await page.goto(`/playground?view=code&texts=${encodeURIComponent(texts.join('\n'))}`);
    const best = /^[\d.]+ +a photo of a cat\n[\d.]+ +it's "a" \\ dog's \$HOME`photo`\n$/;
    const { results } = JSON.parse(await shellWith(env, await copied(page, 'curl, ranking'))) as {
      results: { candidate: string }[];
    };
    expect(results.map(({ candidate }) => candidate)).toEqual(texts);
    await page.getByRole('tab', { name: 'TypeScript' }).click();
    const typescript = saved('rank.ts', await copied(page, 'TypeScript, ranking'));
    expect(await running(process.execPath, ['--env-file=.env', typescript])).toMatch(best);
    await page.getByRole('tab', { name: 'Python' }).click();
    const ranking = saved('rank.py', await copied(page, 'Python, ranking'));
    if (python !== undefined) expect(await shellWith(env, `${python} ${ranking}`)).toMatch(best);
  });
});
