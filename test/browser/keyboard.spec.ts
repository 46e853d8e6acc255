import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConsoleUnderTest, PASSWORD } from './support/console-under-test.js';

const run = promisify(execFile);

/** A page of nothing but lists and forms has fewer places than these. */
const TABS_MAX = 150;

let tested: ConsoleUnderTest;

beforeAll(async () => {
  tested = await ConsoleUnderTest.open({ env: { OTEL_TRACES_SAMPLER: 'always_on', CAS_AUTH: 'required' } });
});

afterAll(() => tested?.[Symbol.asyncDispose]());

/** Goes on with Tab until `target` has the focus. */
const tabTo = (page: Page, target: Locator): Promise<void> => pressUntil(page, 'Tab', target);

/** Goes down a list until the row has the focus. */
const rowTo = (page: Page, target: Locator): Promise<void> => pressUntil(page, 'j', target);

async function pressUntil(page: Page, key: string, target: Locator): Promise<void> {
  await target.first().waitFor();
  for (let times = 0; times < TABS_MAX; times++) {
    if (await target.first().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${target.toString()}.`);
}

async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

async function type(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

/** Goes to a page by its shortcut. */
async function go(page: Page, key: string, heading: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press(key);
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

it('everything is done by the keyboard alone: set-up, a token, its trace, a model, an answer explained, an invitation', async () => {
  const { pathname, hash } = new URL(await tested.setUpLink());
  const page = await tested.page(pathname + hash);
  await type(page, page.getByLabel('E-mail address'), 'olga@example.com');
  await type(page, page.getByLabel('Name'), 'Olga');
  await type(page, page.getByLabel('Password', { exact: true }), PASSWORD);
  await type(page, page.getByLabel('Password, once more'), PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();

  await go(page, 't', 'Tokens');
  await page.keyboard.press('n');
  await type(page, page.getByRole('dialog', { name: 'New token' }).getByLabel('Name'), 'ci');
  await page.keyboard.press('Enter');
  const issued = page.getByRole('dialog', { name: 'Token “ci”' });
  await issued.getByText('Waiting for the first request').waitFor();
  const command = (await page.getByLabel('A request by curl', { exact: true }).textContent()) ?? '';
  const { stdout } = await run('sh', ['-c', `${command.trim()} -o /dev/null -w '%{http_code}'`]);
  expect(stdout).toBe('200');
  await issued.getByText('The first request has come.').waitFor();
  await press(page, button(page, 'I have stored it'));

  await go(page, 'x', 'Traces');
  await page
    .getByRole('row', { name: /embeddings/ })
    .first()
    .waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const peek = page.getByRole('complementary', { name: 'The request' });
  await press(page, peek.getByRole('button', { name: /^run / }));
  await press(page, peek.getByRole('link', { name: 'Open the batch it rode in' }));
  await page.getByRole('heading', { level: 1, name: /^Batch on mini-clip/ }).waitFor();

  await go(page, 'm', 'Models');
  await page.keyboard.press('n');
  await type(page, page.getByLabel('Replicas', { exact: true }), '2');
  await page.getByText('Add a replica of mini-clip on cpu').first().waitFor();
  await press(page, button(page, 'Apply'));
  await page.getByText('2 of 2 replicas ready').first().waitFor();

  await go(page, 'p', 'Playground');
  await press(page, page.getByRole('button', { name: 'What is it?' }));
  const answer = page.getByRole('button', { name: /Explain it$/ });
  await press(page, answer);
  await page.getByRole('dialog', { name: 'Why this answer' }).getByRole('img').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await go(page, 'c', 'Accounts');
  await page.keyboard.press('n');
  const invitation = page.getByRole('dialog', { name: 'Invite somebody' });
  await type(page, invitation.getByLabel('E-mail address'), 'mara@example.com');
  await type(page, invitation.getByLabel('Name'), 'Mara');
  await page.keyboard.press('Enter');
  await press(page, button(page, 'I have sent it'));
  await page.getByRole('row', { name: /Mara/ }).waitFor();

  await go(page, 't', 'Tokens');
  await rowTo(page, page.getByRole('row', { name: /^ci/ }));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'ci', level: 1 }).waitFor();
  await press(page, button(page, 'Revoke'));
  await press(page, page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }));
  await page.getByText('“ci” is revoked').waitFor();
  expect(tested.problems).toEqual([]);
});
