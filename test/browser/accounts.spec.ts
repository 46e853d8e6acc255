import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleUnderTest, PASSWORD } from './support/console-under-test.js';
import type { Person } from './support/person.js';

let tested: ConsoleUnderTest;
let owner: Person;

beforeAll(async () => {
  tested = await ConsoleUnderTest.open();
  owner = await tested.setUp();
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(() => tested?.[Symbol.asyncDispose]());

describe('accounts', () => {
  it('somebody who is invited chooses a password, and sees only what is their own', async () => {
    await owner.call('POST', '/api/tokens', { name: 'of the owner', expiresInDays: 1 });
    const page = await tested.page('/accounts', { as: owner });
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('E-mail address').fill('nina@example.com');
    await dialog.getByLabel('Name').fill('Nina <i>N.</i>');
    await dialog.getByRole('button', { name: 'Make the invitation' }).click();
    const link = (await page.getByTestId('link').textContent()) ?? '';
    await page.getByRole('button', { name: 'I have sent it' }).click();
    await page
      .getByRole('row', { name: /Nina/ })
      .getByText(/Invited, ends in 7 days/)
      .waitFor();

    const invited = await tested.page(new URL(link).pathname + new URL(link).hash);
    await invited.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await invited.getByLabel('Password, once more').fill(PASSWORD);
    await invited.getByRole('button').last().click();
    await invited.getByLabel('E-mail address').fill('nina@example.com');
    await invited.getByLabel('Password').fill(PASSWORD);
    await invited.getByRole('button', { name: 'Log in' }).click();
    await invited.getByRole('navigation', { name: 'Pages' }).waitFor();
    await invited.goto('/tokens');
    await invited.getByText('There are no tokens yet').waitFor();
    expect(await invited.getByText('of the owner').count()).toBe(0);
    expect(await invited.getByRole('link', { name: 'Accounts' }).count()).toBe(0);

    await page.reload();
    await page
      .getByRole('row', { name: /Nina <i>N\.<\/i>/ })
      .getByText('Active')
      .waitFor();
  });

  it('an account gets another role, a link for a new password, and is disabled, by the keyboard', async () => {
    await tested.account(owner, 'Rolf', 'member');
    const page = await tested.page('/accounts?search=rolf', { as: owner });
    await page.getByRole('row', { name: /Rolf/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Rolf' });
    await drawer.getByLabel('Role').selectOption('viewer');
    await drawer.getByRole('button', { name: 'Save the role' }).press('Enter');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Change the role' }).press('Enter');
    await page.getByText('Rolf is viewer now').waitFor();
    await drawer.getByRole('button', { name: 'Make a link for a new password' }).press('Enter');
    expect(await page.getByTestId('link').textContent()).toContain('/reset#');
    await drawer.getByRole('button', { name: 'Disable' }).press('Enter');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).press('Enter');
    await drawer.getByRole('button', { name: 'Enable' }).waitFor();
    await page.getByRole('row', { name: /Rolf/ }).getByText('Disabled').waitFor();
  });

  it('are accessible in both themes, on a desktop and a phone', async () => {
    await owner.call('POST', '/api/accounts', { email: 'waiting@example.com', name: 'Wanda', role: 'viewer' });
    await tested.inspect('accounts', '/accounts', owner, (page) => page.getByRole('row', { name: /Wanda/ }).waitFor());
    await tested.inspect('accounts-invite', '/accounts', owner, async (page) => {
      await page.getByRole('button', { name: 'Invite somebody' }).click();
      await page.getByRole('dialog').waitFor();
    });
    await tested.inspect('account', '/account', owner, (page) => page.getByText('This one').waitFor());
  });
});

describe('the own account', () => {
  it('gets another name and password, and ends other sessions', async () => {
    const own = await tested.account(owner, 'Selma', 'member');
    const page = await tested.page('/account', { as: own });
    await page.getByLabel('Name').fill('Selma S.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your name is changed').waitFor();
    const { Person } = await import('./support/person.js');
    await Person.begin(tested.url('/api/session'), { email: 'selma@example.com', password: PASSWORD });
    await page.reload();
    await page.getByRole('button', { name: /^End the session from/ }).click();
    await page.getByRole('button', { name: /^End the session from/ }).waitFor({ state: 'detached' });
    await page.getByLabel('Old password').fill(PASSWORD);
    await page.getByLabel('New password', { exact: true }).fill('copper meadow nineteen');
    await page.getByLabel('New password, once more').fill('copper meadow nineteen');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('Your password is changed').waitFor();
    await Person.begin(tested.url('/api/session'), { email: 'selma@example.com', password: 'copper meadow nineteen' });
  });
});
