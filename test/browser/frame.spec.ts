import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleUnderTest, PASSWORD } from './support/console-under-test.js';
import { Person } from './support/person.js';

let tested: ConsoleUnderTest;
let owner: Person;

beforeAll(async () => {
  tested = await ConsoleUnderTest.open();
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(() => tested?.[Symbol.asyncDispose]());

describe('the first minute', () => {
  it('leads from the link of the log to the overview, and takes the secret out of the address', async () => {
    const page = await tested.page(new URL(await tested.setUpLink()).pathname + new URL(await tested.setUpLink()).hash);
    expect(page.url()).toBe(tested.url('/setup'));
    await page.getByLabel('E-mail address').fill('olga@example.com');
    await page.getByLabel('Name').fill('Olga');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Password, once more').fill('another one of words');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('The two passwords differ.').waitFor();
    await page.getByLabel('Password, once more').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(page.url()).toBe(tested.url('/'));
  });

  it('asks whoever is not logged in, and leads back to where that person wanted to go', async () => {
    const page = await tested.page('/tokens?status=unused');
    await page.getByLabel('E-mail address').fill('olga@example.com');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Tokens', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/tokens');
  });
});

describe('the frame', () => {
  beforeAll(async () => {
    const setUp = (await (await fetch(tested.url('/api/setup'))).json()) as { needed: boolean };
    const logIn = { email: 'olga@example.com', password: PASSWORD };
    owner = setUp.needed ? await tested.setUp() : await Person.begin(tested.url('/api/session'), logIn);
  });

  it('shows each role the pages that it may see', async () => {
    const member = await tested.account(owner, 'Mara', 'member');
    const page = await tested.page('/', { as: member });
    const names = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
    expect(names).toEqual(['Overview', 'Playground', 'Tokens', 'Models', 'Replicas', 'Traces', 'Usage', 'Limits']);
  });

  it('is used by the keyboard: pages, the palette, and help made of the table that is listened for', async () => {
    const page = await tested.page('/', { as: owner });
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('heading', { name: 'Tokens', level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search or go to' }).waitFor();
    await page.keyboard.type('audit');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit', level: 1 }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('leads from the palette to a request by its id', async () => {
    const page = await tested.page('/', { as: owner });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search or go to' }).fill('4bf92f3577b34da6a3ce929d0e0e4736');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/traces/4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('says so where a role does not show a page, with the way on', async () => {
    const viewer = await tested.account(owner, 'Vera', 'member');
    const page = await tested.page('/audit', { as: viewer });
    await page.getByText('It needs the permission audit:read, which the role member does not have.').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Go to the overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  it('tells on the overview what changed in words, and of traces nothing is missing while one pod serves', async () => {
    const page = await tested.page('/', { as: owner });
    await page
      .getByText(/^(logged in|invited |made the first account)/)
      .first()
      .waitFor();
    await page.goto('/traces');
    await page.getByRole('tab', { name: /Requests \(/ }).waitFor();
    expect(await page.getByText('Not all traces are shown.').count()).toBe(0);
  });

  it('holds names without a blank and every filter on 320 pixels', async () => {
    const name = 'n'.repeat(100);
    const { record } = await owner.call<{ record: { id: string } }>('POST', '/api/tokens', { name, expiresInDays: 1 });
    const page = await tested.page(`/tokens/${record.id}`, { as: owner });
    await page.setViewportSize({ width: 320, height: 640 });
    for (const [path, part] of [
      [`/tokens/${record.id}`, page.getByRole('heading', { name, level: 1 })],
      ['/accounts', page.getByLabel('Role')],
      ['/audit', page.getByRole('button', { name: 'Check the whole trail' })],
    ] as const) {
      await page.goto(path);
      await part.first().waitFor();
      const wider = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(await wider(), path).toBeLessThanOrEqual(0);
    }
  });

  it('logs out', async () => {
    const own = await tested.account(owner, 'Otto', 'viewer');
    const page = await tested.page('/', { as: own });
    await page.getByRole('button', { name: /account menu/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.goto('/tokens');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });

  it('is accessible in both themes, on a desktop and a phone', async () => {
    await tested.inspect('log-in', '/login', undefined);
    await tested.inspect('set-up', '/setup#incomplete', undefined);
    await tested.inspect('invitation', '/invite', undefined);
    await tested.inspect('not-found', '/nowhere', owner);
  });
});
