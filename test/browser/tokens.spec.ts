import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleUnderTest, PASSWORD } from './support/console-under-test.js';
import { addTokens } from './support/add-tokens.js';
import type { Person } from './support/person.js';

const run = promisify(execFile);

interface Issued {
  readonly token: string;
  readonly record: { readonly id: string };
}

let tested: ConsoleUnderTest;
let owner: Person;
let member: Person;

beforeAll(async () => {
  tested = await ConsoleUnderTest.open({ env: { CAS_AUTH: 'required' } });
  owner = await tested.setUp();
  member = await tested.account(owner, 'Mara', 'member');
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(() => tested?.[Symbol.asyncDispose]());

const make = (by: Person, name: string, more: object = {}) =>
  by.call<Issued>('POST', '/api/tokens', { name, expiresInDays: 90, ...more });

/** Runs a snippet's curl as a person would; answers the HTTP status. */
async function curl(command: string): Promise<number> {
  const { stdout } = await run('sh', ['-c', `${command.trim()} -o /dev/null -w '%{http_code}'`]);
  return Number(stdout);
}

const codeIn = async (page: Page, label: string) => (await page.getByLabel(label, { exact: true }).textContent()) ?? '';

describe('a token', () => {
  it('is made, used by curl, turns its page green, is revoked and refused, and comes back by an undo', async () => {
    const page = await tested.page('/tokens', { as: owner });
    await page.getByRole('button', { name: 'New token' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New token' });
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByLabel('Name').fill('shop');
    await dialog.getByRole('checkbox', { name: /^index/ }).uncheck();
    await dialog.getByText('It could not').waitFor();
    await dialog.getByText('use the compatible /index').last().waitFor();
    await dialog.getByLabel('Requests a minute').fill('600');
    await dialog.getByText('send more than 600 requests a minute').waitFor();
    await dialog.getByRole('button', { name: 'Create token' }).click();
    const issued = page.getByRole('dialog', { name: 'Token “shop”' });
    await issued.getByText('Waiting for the first request').waitFor();
    const token = (await issued.getByTestId('token').textContent()) ?? '';
    const command = await codeIn(page, 'A request by curl');
    expect(command).toContain(token);
    // Escape does not lose what nobody can show again.
    await page.keyboard.press('Escape');
    for (const tab of ['Python', 'TypeScript', '.env']) {
      await issued.getByRole('tab', { name: tab }).click();
      await issued.getByText(token).nth(1).waitFor();
    }
    expect(await curl(command)).toBe(200);
    await issued.getByText('The first request has come.').waitFor();
    await issued.getByText(/It came over http for \S+ from 127\.0\.0\.1/).waitFor();
    await issued.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('row', { name: /shop/ }).getByText('Active').waitFor();

    await page.getByRole('row', { name: /shop/ }).click();
    await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Revoke' }).click();
    const asked = page.getByRole('alertdialog', { name: 'Revoke “shop”?' });
    await asked.getByText('from 127.0.0.1 over http').waitFor();
    await asked.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('“shop” is revoked').waitFor();
    await expect.poll(() => curl(command), { interval: 100, timeout: 5_000 }).toBe(401);
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.getByText('“shop” works again').waitFor();
    await expect.poll(() => curl(command), { interval: 100, timeout: 5_000 }).toBe(200);
  });

  it('is made by the keyboard alone', async () => {
    const page = await tested.page('/tokens', { as: member });
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'New token' }).waitFor();
    await page.keyboard.type('by keyboard');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Token “by keyboard”' }).waitFor();
    const done = page.getByRole('button', { name: 'I have stored it' });
    await done.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /by keyboard/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'by keyboard', level: 1 }).waitFor();
  });

  it('that is rotated shows what comes with each secret, and its old one is ended', async () => {
    const { token, record } = await make(owner, 'rotated');
    const page = await tested.page(`/tokens/${record.id}`, { as: owner });
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('radio', { name: '6 hours' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('dialog', { name: 'New secret of “rotated”' }).waitFor();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    const request = `curl -s ${tested.server.http('/v1/embeddings')} -H 'Authorization: Bearer ${token}' -H 'content-type: application/json' -d '{"input": "a"}'`;
    expect(await curl(request)).toBe(200);
    await page.getByText('The old secret is still sent.').waitFor({ timeout: 15_000 });
    await page.getByRole('button', { name: 'End the old one now' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click();
    await page.getByText('The old secret has ended', { exact: true }).waitFor();
    await expect.poll(() => curl(request), { interval: 100, timeout: 5_000 }).toBe(401);
  });

  it('gets other limits, and says what is wrong with those that are typed', async () => {
    const { record } = await make(owner, 'limited');
    const page = await tested.page(`/tokens/${record.id}`, { as: owner });
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Texts and images a day').fill('ten');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('A whole number of at least 1').waitFor();
    await page.getByLabel('Texts and images a day').fill('10');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('have more than 10 texts and images a day').waitFor();
  });

  it('of somebody else does not exist for a member', async () => {
    const { record } = await make(owner, 'not yours');
    const page = await tested.page(`/tokens/${record.id}`, { as: member });
    await page.getByText('There is no such token').waitFor();
    await page.goto('/tokens');
    await page.getByRole('table', { name: 'Tokens' }).waitFor();
    expect(await page.getByText('not yours').count()).toBe(0);
  });

  it('with markup in its name shows it as text', async () => {
    await make(member, '<img src=x onerror="document.title=1"> <b>bold</b>');
    const page = await tested.page('/tokens?name=onerror', { as: member });
    await page.getByText('<b>bold</b>', { exact: false }).first().waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });

  it('that is typed in when the session ends loses nothing', async () => {
    const passing = await tested.account(owner, 'Pia', 'member');
    const page = await tested.page('/tokens', { as: passing });
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New token' });
    await dialog.getByLabel('Name').fill('typed before');
    await dialog.getByLabel('At a time').fill('7');
    await passing.call('DELETE', '/api/session');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    const again = page.getByRole('dialog', { name: 'Log in again' });
    await again.getByLabel('Password').fill(PASSWORD);
    await again.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('dialog', { name: 'Token “typed before”' }).waitFor();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('row', { name: /typed before/ }).click();
    await page.getByText('have more than 7 of them worked on at a time').waitFor();
  });
});

describe('the list of tokens', () => {
  it('keeps its filters in the address', async () => {
    const page = await tested.page('/tokens', { as: owner });
    await page.getByLabel('Status').selectOption('unused');
    await page.waitForURL('**/tokens?status=unused');
    await page.keyboard.press('Escape');
    await page.getByLabel('Name or public part').fill('no such token at all');
    await page.getByText('No token is like that').waitFor();
    await page.reload();
    await page.getByText('No token is like that').waitFor();
    await page.getByRole('button', { name: 'Show all tokens' }).click();
    await page.getByRole('table', { name: 'Tokens' }).waitFor();
  });

  it('tells which tokens are of the playground, and never that these expire soon', async () => {
    const passing = await tested.account(owner, 'Tess', 'member');
    await passing.call('GET', '/api/playground/models');
    const page = await tested.page('/tokens', { as: passing });
    await page
      .getByRole('row', { name: /Playground/ })
      .getByTitle('The service made it')
      .waitFor();
    await page.getByLabel('Status').selectOption('Expires soon');
    await page.getByText('No token is like that').waitFor();
    await page.getByLabel('Status').selectOption('Playground');
    await page.getByRole('row', { name: /Playground/ }).click();
    await page.getByText('The service made it for the playground of its owner').waitFor();
    expect(await page.getByRole('button', { name: /Edit|Rotate/ }).count()).toBe(0);
  });

  it('is accessible in both themes, on a desktop and a phone', async () => {
    const { record } = await make(owner, 'to look at', { limits: { itemsPerDay: 1000 }, models: ['mini-clip'] });
    await owner.call('POST', `/api/tokens/${record.id}/rotate`, { graceMs: 3_600_000 });
    await tested.inspect('tokens', '/tokens?ended=true', owner, (page) =>
      page.getByRole('row', { name: /to look at/ }).waitFor(),
    );
    await tested.inspect('tokens-create', '/tokens', owner, async (page) => {
      await page.getByRole('button', { name: 'New token' }).click();
      await page.getByLabel('Name', { exact: true }).fill('shop');
    });
    await tested.inspect('token', `/tokens/${record.id}`, owner);
    await tested.inspect(
      'tokens-none',
      '/tokens',
      await tested.account(owner, `N${randomUUID().slice(0, 5)}`, 'member'),
    );
  });

  it('of 10,000 tokens holds few rows, and is scrolled to its end', async () => {
    await addTokens(tested.server.dataDir, 10_000);
    const page = await tested.page('/tokens?name=bulk&order=name', { as: owner });
    await page.getByText('10,000 tokens').waitFor();
    const table = page.getByRole('table', { name: 'Tokens' });
    const frames = await table.evaluate(async (element) => {
      const lasted: number[] = [];
      for (let at = performance.now(), step = 0; step < 60; step += 1) {
        element.scrollTop += 400;
        const now: number = await new Promise((resolve) => requestAnimationFrame(resolve));
        lasted.push(now - at);
        at = now;
      }
      return lasted.sort((a, b) => b - a);
    });
    console.log(`10,000 tokens: longest frame ${frames[0]?.toFixed(0)} ms, median ${frames[30]?.toFixed(0)} ms`);
    expect(await table.locator('[data-row]').count()).toBeLessThan(80);
    await expect
      .poll(
        async () => {
          await table.evaluate((element) => (element.scrollTop = element.scrollHeight));
          return table.getAttribute('aria-rowcount');
        },
        { timeout: 20_000 },
      )
      .toBe('10001');
    await table.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await page.getByRole('row', { name: /bulk 09999/ }).waitFor();
    expect(await table.locator('[data-row]').count()).toBeLessThan(80);
  });
});
