import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleUnderTest, PASSWORD } from './support/console-under-test.js';
import { Person } from './support/person.js';

let tested: ConsoleUnderTest;
let owner: Person;
let member: Person;

beforeAll(async () => {
  tested = await ConsoleUnderTest.open();
  owner = await tested.setUp();
  member = await tested.account(owner, 'Mara', 'member');
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(() => tested?.[Symbol.asyncDispose]());

describe('a token', () => {
  it('that is typed in when somebody else logs in is made in no name', async () => {
    const passing = await tested.account(owner, 'Pola', 'member');
    const page = await tested.page('/tokens', { as: passing });
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New token' });
    await dialog.getByLabel('Name').fill('typed by Pola');
    await passing.call('DELETE', '/api/session');
    await dialog.getByRole('button', { name: 'Create token' }).click();
    const again = page.getByRole('dialog', { name: 'Log in again' });
    await again.getByLabel('E-mail address').fill('mara@example.com');
    await again.getByLabel('Password').fill(PASSWORD);
    await again.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Mara, member: account menu' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    expect(asked).toEqual([]);
    const { tokens } = await owner.call<{ tokens: unknown[] }>('GET', '/api/tokens?name=typed%20by%20Pola');
    expect(tokens).toEqual([]);
  });

  it('is made after a log-in anew in another tab, and not when that was somebody else', async () => {
    const logIn = { email: 'mara@example.com', password: PASSWORD };
    const page = await tested.page('/tokens', { as: await Person.begin(tested.url('/api/session'), logIn) });
    const context = page.context();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New token' });
    await dialog.getByLabel('Name').fill('two tabs');
    await context.addCookies(owner.cookiesFor(tested.url('/')));
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await dialog.getByText('Olga has logged in meanwhile in another tab of this browser').waitFor();
    const again = await Person.begin(tested.url('/api/session'), logIn);
    await context.addCookies(again.cookiesFor(tested.url('/')));
    await dialog.getByRole('button', { name: 'Create token' }).click();
    await page.getByRole('dialog', { name: 'Token “two tabs”' }).waitFor();
  });

  it('that is shown once, or typed, is not lost by going back', async () => {
    const page = await tested.page('/', { as: member });
    await page.getByRole('link', { name: 'Tokens', exact: true }).click();
    await page.getByRole('heading', { name: 'Tokens', level: 1 }).waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New token' });
    await dialog.getByLabel('Name').fill('kept');
    await page.evaluate(() => history.back());
    const asked = page.getByRole('alertdialog', { name: 'Leave, and lose what you typed?' });
    await asked.getByRole('button', { name: 'Stay' }).click();
    await dialog.getByRole('button', { name: 'Create token' }).click();
    const issued = page.getByRole('dialog', { name: 'Token “kept”' });
    await issued.waitFor();
    await page.evaluate(() => history.back());
    await page.getByRole('alertdialog', { name: 'Leave without the token?' }).waitFor();
    await page.keyboard.press('Escape');
    await issued.getByRole('button', { name: 'I have stored it' }).click();
    await issued.waitFor({ state: 'detached' });
    await page.evaluate(() => history.go(-2));
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  it('that two people edit keeps what each has changed', async () => {
    const { record } = await owner.call<{ record: { id: string } }>('POST', '/api/tokens', {
      name: 'of two',
      expiresInDays: 90,
    });
    const page = await tested.page(`/tokens/${record.id}`, { as: owner });
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: /^Edit/ });
    await dialog.getByLabel('Name').fill('named by one');
    await owner.call('PATCH', `/api/tokens/${record.id}`, { limits: { requestsPerMinute: 7 } });
    await dialog.getByText('Somebody else changed this token just now.').waitFor();
    expect(await dialog.getByLabel('Requests a minute').inputValue()).toBe('7');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'named by one', level: 1 }).waitFor();
    expect(await owner.call('GET', `/api/tokens/${record.id}`)).toMatchObject({ limits: { requestsPerMinute: 7 } });
  });
});
