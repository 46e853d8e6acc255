import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ConsoleUnderTest } from './support/console-under-test.js';
import type { Person } from './support/person.js';

const START_MS_MAX = 120_000;
const REPORTED_WITHIN_MS = 20_000;

interface Listed {
  pods: {
    name: string;
    pools: { model: string; replicas: { name: string; state: string; runs: object[] }[] }[] | null;
  }[];
}

let tested: ConsoleUnderTest;
let owner: Person;
let model: string;

const replicas = async () => {
  const { pods } = await owner.call<Listed>('GET', '/api/pods');
  return pods.flatMap(({ pools }) => pools ?? []).flatMap((pool) => pool.replicas);
};

const embed = (input: string) =>
  fetch(tested.server.http('/v1/embeddings'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input }),
  });

/** Waits for a heading of this name and gives the page. */
async function at(page: Page, heading: string): Promise<Page> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  return page;
}

beforeAll(async () => {
  tested = await ConsoleUnderTest.open({ env: { CAS_REPLICAS: '2', CAS_TRACE_RETENTION_HOURS: '1' } });
  owner = await tested.setUp();
  for (let n = 0; n < 8; n += 1) expect((await embed(`a cat ${n}`)).status).toBe(200);
  await vi.waitFor(
    async () => expect((await replicas()).flatMap(({ runs }) => runs).length).toBeGreaterThan(0),
    REPORTED_WITHIN_MS,
  );
  const { pods } = await owner.call<Listed>('GET', '/api/pods');
  model = pods[0]?.pools?.[0]?.model ?? '';
}, START_MS_MAX);

afterEach(() => tested.closePages());

afterAll(async () => {
  await tested?.[Symbol.asyncDispose]();
});

it(
  'a number of the overview leads to what it is made of: a batch, through the replica that ran it',
  async () => {
    const page = await at(await tested.page('/', { as: owner }), 'Overview');
    await page.getByRole('link', { name: /^Replicas ready/ }).click();
    await at(page, 'Replicas');
    await page.getByRole('link', { name: model, exact: true }).first().click();
    await at(page, model);
    await page.getByRole('link', { name: 'Open the batch' }).first().click();
    await page.waitForURL(/\/batches\/[0-9a-f]{32}$/);
  },
  START_MS_MAX,
);

it(
  'a replica is restarted by the mouse, while requests flow and none fails, and the page follows by itself',
  async () => {
    const page = await at(await tested.page('/replicas', { as: owner }), 'Replicas');
    const [before] = await replicas();
    const name = before?.name ?? '';
    let isOver = false;
    const statuses = new Set<number>();
    const flowing = (async () => {
      for (let n = 0; !isOver && n < 5_000; n += 1) statuses.add((await embed(`a dog ${n}`)).status);
    })();
    const card = page.getByRole('article', { name: `Replica ${name}` });
    await card.getByRole('button', { name: 'Restart…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached', timeout: REPORTED_WITHIN_MS });
    await page.mouse.move(1, 1);
    await card.waitFor({ state: 'detached', timeout: REPORTED_WITHIN_MS });
    isOver = true;
    await flowing;
    expect([...statuses]).toEqual([200]);
  },
  START_MS_MAX,
);

it(
  'a replica is drained by the keyboard, on a phone, and started again',
  async () => {
    await expect.poll(async () => (await replicas()).length, { timeout: REPORTED_WITHIN_MS }).toBe(2);
    const page = await at(await tested.page('/replicas', { as: owner, screen: 'phone' }), 'Replicas');
    const name = (await replicas())[1]?.name ?? '';
    const card = page.getByRole('article', { name: `Replica ${name}` });
    await card.getByRole('button', { name: 'Drain…' }).focus();
    await page.keyboard.press('Enter');
    const question = page.getByRole('alertdialog', { name: `Drain ${name}?` });
    await question.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached', timeout: REPORTED_WITHIN_MS });
    await card.waitFor({ state: 'detached', timeout: REPORTED_WITHIN_MS });
    await page.getByRole('button', { name: 'Start again' }).click();
    const ready = async () => (await replicas()).filter(({ state }) => state === 'ready').length;
    await expect.poll(ready, { timeout: REPORTED_WITHIN_MS }).toBe(2);
  },
  START_MS_MAX,
);

it(
  'every page is accessible, in both themes and on a phone',
  async () => {
    await tested.inspect('overview', '/', owner, async (page) => {
      await page.getByRole('figure', { name: 'Traffic a minute' }).waitFor();
    });
    await tested.inspect('replicas', '/replicas', owner, async (page) => {
      await page.getByRole('article').first().waitFor();
    });
    await tested.inspect('pool', `/replicas/${encodeURIComponent(model)}`, owner, async (page) => {
      await page.getByRole('article').first().waitFor();
    });
    expect(tested.problems).toEqual([]);
  },
  START_MS_MAX,
);
