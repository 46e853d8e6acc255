import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleUnderTest } from './support/console-under-test.js';
import type { Person } from './support/person.js';

let tested: ConsoleUnderTest;
let owner: Person;
let member: Person;

interface Issued {
  readonly token: string;
  readonly record: { readonly id: string; readonly name: string };
}

const send = (token: string, input: readonly string[]): Promise<Response> =>
  fetch(tested.server.http('/v1/embeddings'), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ input }),
  });

const encode = (token: string, count: number): Promise<Response> =>
  send(
    token,
    Array.from({ length: count }, (_, at) => `a picture of ${at} cats`),
  );

/** A service that has been used: tokens, one with limits that refused it, a change of a token, some requests. */
beforeAll(async () => {
  const env = { CAS_AUTH: 'required', CAS_LIMIT_ITEMS_PER_DAY: '100000', CAS_HUB_TOKEN: 'planted-hub-token' };
  tested = await ConsoleUnderTest.open({ env });
  owner = await tested.setUp();
  member = await tested.account(owner, 'Mara', 'member');
  const make = (by: Person, name: string, limits: object = {}) =>
    by.call<Issued>('POST', '/api/tokens', { name, expiresInDays: 30, limits });
  const [nightly, batch, own] = [
    await make(owner, 'nightly'),
    await make(owner, 'batch job', { itemsPerDay: 5, requestsPerMinute: 600 }),
    await make(member, 'notebook', { itemsPerDay: 500 }),
  ];
  expect((await encode(nightly.token, 4)).status).toBe(200);
  expect((await encode(batch.token, 5)).status).toBe(200);
  expect((await encode(batch.token, 1)).status).toBe(429);
  expect((await encode(own.token, 2)).status).toBe(200);
  await owner.call('PATCH', `/api/tokens/${nightly.record.id}`, {
    name: 'nightly index',
    limits: { itemsPerDay: 5000 },
  });
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(() => tested?.[Symbol.asyncDispose]());

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();

describe('settings', () => {
  it('say where each value came from, hide secrets, and are found by words', async () => {
    const page = await tested.page('/settings', { as: owner });
    await page.getByRole('searchbox', { name: 'Find a setting' }).fill('hub token');
    const row = page.getByRole('listitem').filter({ hasText: 'CAS_HUB_TOKEN' });
    await row.getByText('set, not shown').waitFor();
    await row.getByText('Variable').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('hub token');
    expect(await page.content()).not.toContain('planted');
    await page.getByRole('searchbox').fill('CAS_MODEL_CACHE_BYTES_MAX');
    await page.getByText('100 GiB', { exact: true }).waitFor();
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByRole('button', { name: 'Show all settings' }).click();
    await page.getByRole('checkbox', { name: 'Only what is not a default' }).check();
    await page.getByRole('listitem').filter({ hasText: 'CAS_LIMIT_ITEMS_PER_DAY' }).waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'CAS_RUN_MS_MAX' }).count()).toBe(0);
  });

  it('change the log level for a while, with a way back, by the keyboard alone', async () => {
    const page = await tested.page('/', { as: owner });
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await heading(page, 'Settings');
    const level = page.getByRole('combobox', { name: 'Level' });
    await level.focus();
    await page.keyboard.type('debug');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Change the level');
    await page.keyboard.press('Enter');
    await page.getByText('Every process logs from debug on').waitFor();
    await page.getByRole('button', { name: 'Back to info now' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('as the settings say').waitFor();
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.getByRole('button', { name: 'Back to info now' }).waitFor();
    await owner.call('DELETE', '/api/log-level');
  });
});

describe('audit', () => {
  it('leads from a filter to what was before and after a change, and back by the address', async () => {
    const page = await tested.page('/audit', { as: owner });
    await page.getByRole('combobox', { name: 'Changes of' }).selectOption({ label: 'tokens' });
    const line = page.getByRole('combobox', { name: 'Search changes' });
    await page.waitForURL(/q=action/);
    expect(await line.inputValue()).toBe('action:token.');
    await line.fill('action:token. NIGHTLY -by:host');
    await line.press('Enter');
    await page.waitForURL(/NIGHTLY/);
    const rows = page.getByRole('table', { name: 'Changes, the newest first' }).getByRole('row');
    await rows.filter({ hasText: 'changed the token' }).click();
    const drawer = page.getByRole('dialog');
    const limit = drawer.getByRole('row').filter({ hasText: 'itemsPerDay' });
    expect(await limit.getByRole('cell').allTextContents()).toEqual(['–', '5000']);
    const name = drawer.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'name', exact: true }) });
    expect(await name.getByRole('cell').allTextContents()).toEqual(['nightly', 'nightly index']);
    await page.reload();
    await page.getByRole('dialog').getByText('nightly index').first().waitFor();
    await page.getByRole('button', { name: 'All changes of this token' }).click();
    await rows.filter({ hasText: 'made the token' }).waitFor();
  });

  it('is not searched by a query that cannot be understood, and says what to write', async () => {
    const page = await tested.page('/audit?q=whom%3Aann', { as: owner });
    await page
      .getByRole('alert')
      .getByText(/There is no key "whom"/)
      .waitFor();
    expect(await page.getByRole('table', { name: 'Changes, the newest first' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('row').filter({ hasText: 'made the token' }).first().waitFor();
  });

  it('is walked through, opened and checked by the keyboard alone', async () => {
    const page = await tested.page('/audit', { as: owner });
    await page.getByRole('row').filter({ hasText: 'made the token' }).first().waitFor();
    await page.getByRole('button', { name: 'Check the whole trail' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/The trail is whole: \d+ events/).waitFor();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Hash').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('is taken away as a table, as it is narrowed down', async () => {
    const page = await tested.page('/audit?action=token.create', { as: owner });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('audit.csv');
    const { readFile } = await import('node:fs/promises');
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^number,time,/);
  });
});

describe('limits', () => {
  it('show what is left of each, who was refused, and lead to the setting of one that is not set', async () => {
    const page = await tested.page('/limits', { as: owner });
    const batch = page.getByRole('row').filter({ hasText: 'batch job' });
    await batch.getByText('0 of 5 left').waitFor();
    await page.getByText(/of 100,000 items today/).waitFor();
    await page.getByRole('link', { name: 'CAS_LIMIT_ITEMS_IN_FLIGHT' }).click();
    await heading(page, 'Settings');
    await page.getByRole('listitem').filter({ hasText: 'CAS_LIMIT_ITEMS_IN_FLIGHT' }).waitFor();
  });

  it('of the own tokens are all that a member sees', async () => {
    const page = await tested.page('/limits', { as: member });
    await page.getByRole('row').filter({ hasText: 'notebook' }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'batch job' }).count()).toBe(0);
  });
});

describe('usage', () => {
  it('is counted within ten seconds', async () => {
    const counted = async () => {
      const { totals } = await owner.call<{ totals: object }>('GET', '/api/usage?by=total');
      return totals;
    };
    await expect.poll(counted, { timeout: 20_000 }).toMatchObject({ requests: 3, items: 11, refused: 1 });
  });

  it('is told apart by token and protocol, narrowed to one, and kept in the address', async () => {
    const page = await tested.page('/usage', { as: owner });
    await page.getByRole('combobox', { name: 'Split by' }).selectOption('token');
    const table = page.getByRole('table', { name: 'Usage by token' });
    await table.getByRole('row').filter({ hasText: 'batch job' }).click();
    await page.getByRole('button', { name: 'Show every token again' }).waitFor();
    await table.getByRole('row').filter({ hasText: 'nightly' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('token')).toMatch(/^[0-9a-f-]{36}$/);
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.getByRole('columnheader', { name: 'batch job' }).waitFor();
    await page.getByRole('button', { name: 'Show every token again' }).click();
    await table.getByRole('row').filter({ hasText: 'nightly index' }).waitFor();
    await page.getByRole('link', { name: /^Refused by limits/ }).click();
    expect(new URL(page.url()).searchParams.get('measure')).toBe('refused');
  });

  it('is narrowed down and taken away by the keyboard alone', async () => {
    const page = await tested.page('/', { as: owner });
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await heading(page, 'Usage');
    await page.getByRole('row').filter({ hasText: 'mini-clip' }).first().waitFor();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show every model again' }).waitFor();
    const csv = page.getByRole('link', { name: 'CSV' });
    await csv.focus();
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe('usage.csv');
  });

  it('of the own tokens is all that a member sees', async () => {
    const page = await tested.page('/usage?split=token', { as: member });
    await page.getByRole('row').filter({ hasText: 'notebook' }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'batch job' }).count()).toBe(0);
  });

  it('says what to do where nothing was asked for', async () => {
    const page = await tested.page('/usage?from=1000000000000&to=1000086400000', { as: owner });
    await page.getByText('Nothing was asked for in this time').waitFor();
    await page.getByRole('link', { name: 'Make a token and send a request' }).waitFor();
  });
});

describe('who waits', () => {
  it('is told by the minute and by token, and leads to the token', async () => {
    const { token } = await owner.call<Issued>('POST', '/api/tokens', { name: 'in the queue', expiresInDays: 1 });
    const page = await tested.page('/limits', { as: owner });
    const row = page.getByRole('table', { name: 'Waiting times by token' }).getByRole('row');
    const mine = row.filter({ hasText: 'in the queue' });
    // Pods look every two seconds, so more is sent until a look has met it.
    for (let round = 0; round < 60 && (await mine.count()) === 0; round += 1) {
      const texts = Array.from({ length: 200 }, (_, at) => `picture ${at} of round ${round}`);
      const sends = await Promise.all([1, 2, 3].map(() => send(token, texts)));
      expect(sends.map(({ status }) => status)).toEqual([200, 200, 200]);
    }
    const figure = page.getByRole('figure', { name: 'Longest wait by the minute' });
    await figure.getByRole('button', { name: 'As a table' }).click();
    await figure.getByRole('columnheader', { name: 'in the queue' }).waitFor();
    await mine.getByRole('link', { name: 'in the queue' }).click();
    await heading(page, 'in the queue');
  });
});

describe('every page of the administration', () => {
  it.each([
    [
      'usage',
      '/usage?split=token&days=1',
      (page: Page) => page.getByRole('row').filter({ hasText: 'batch job' }).waitFor(),
    ],
    ['audit', '/audit', (page: Page) => page.getByRole('row').nth(3).waitFor()],
    ['settings', '/settings', (page: Page) => page.getByText('CAS_PORT').first().waitFor()],
    ['limits', '/limits', (page: Page) => page.getByRole('row').filter({ hasText: 'batch job' }).waitFor()],
  ] as const)('is accessible in both themes, on a desktop and a phone: %s', async (name, path, ready) => {
    await tested.inspect(name, path, owner, (page) => ready(page));
  });

  it('the details of a change are accessible, too', async () => {
    const { events } = await owner.call<{ events: { seq: number }[] }>('GET', '/api/audit?action=token.update');
    await tested.inspect('audit-event', `/audit?event=${events[0]?.seq}`, owner, (page) =>
      page.getByRole('dialog').getByText('Hash').waitFor(),
    );
  });
});
