import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { Database } from '#database';
import { systemClock } from '#core';
import { KeptTraces, TraceWriter } from '#telemetry';
import { buildSpan, buildTrace } from '../support/traces.js';
import { ConsoleUnderTest } from './support/console-under-test.js';
import type { Person } from './support/person.js';

const TOKEN_NAME = 'ci <b>bold</b> "quoted"';
const CROWD = 10_000;

let tested: ConsoleUnderTest;
let owner: Person;
let member: Person;
let tokens: { ci: string; mara: string };

const requestsIn = (page: Page) => page.getByRole('table', { name: 'Requests', exact: true });
const rowsIn = (page: Page) =>
  requestsIn(page)
    .getByRole('row')
    .filter({ has: page.getByRole('cell') });
const queryBar = (page: Page) => page.getByRole('combobox', { name: 'Search requests' });

/** Asks for the vectors of some texts, as `id`. */
async function embed(token: string, id: string, input: readonly string[], model?: string): Promise<number> {
  const response = await fetch(tested.server.http('/v1/embeddings'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-request-id': id },
    body: JSON.stringify({ input, ...(model === undefined ? {} : { model }) }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Waits until the traces of all requests so far are there. */
async function written(id: string): Promise<void> {
  await vi.waitFor(() => owner.call('GET', `/api/traces/${id}`), { timeout: 20_000, interval: 100 });
}

/** The id of a batch in which more than one request rode. */
async function sharedBatch(): Promise<string> {
  const { traces: listed } = await owner.call<{ traces: { requestId: string; batchItems?: number }[] }>(
    'GET',
    '/api/traces?limit=100',
  );
  const rider = listed.find(({ requestId, batchItems = 0 }) => requestId.startsWith('burst') && batchItems > 4);
  const { traces } = await owner.call<{ traces: { batchIds: string[] }[] }>('GET', `/api/traces/${rider?.requestId}`);
  return String(traces[0]?.batchIds.at(-1));
}

/** Requests of yesterday, which only the test of long lists looks at. */
async function addCrowd(dataDir: string): Promise<void> {
  const database = await Database.open({ dataDir });
  const store = new KeptTraces(database);
  const [spans, beganMs] = [[buildSpan()], Date.now() - 20 * 3_600_000];
  for (let at = 0; at < CROWD; at += 1_000) {
    const writer = new TraceWriter({ store, clock: systemClock });
    for (let more = at; more < at + 1_000; more += 1) {
      const ids = { traceId: more.toString(16).padStart(32, '0'), startedAtMs: beganMs + more };
      writer.onTrace(buildTrace({ ...ids, spans, model: 'crowd' }));
    }
    await writer.stop();
  }
  await database.close();
}

beforeAll(async () => {
  tested = await ConsoleUnderTest.open({
    env: {
      OTEL_TRACES_SAMPLER: 'always_on',
      CAS_CACHE_BYTES_MAX: '0',
      CAS_TRACE_RETENTION_HOURS: '48',
      CAS_STORED_INPUT_HOURS: '1',
    },
  });
  owner = await tested.setUp();
  member = await tested.account(owner, 'Mara', 'member');
  const make = async (by: Person, name: string) =>
    (await by.call<{ token: string }>('POST', '/api/tokens', { name, expiresInDays: 1 })).token;
  tokens = { ci: await make(owner, TOKEN_NAME), mara: await make(member, "Mara's") };
  expect(await embed(tokens.ci, 'first', ['a cat'])).toBe(200);
  expect(await embed(tokens.mara, 'of-mara', ['a dog', 'two dogs'])).toBe(200);
  expect(await embed(tokens.ci, 'failed', ['a cat'], 'nosuch')).toBe(404);
  // While the replica works on many, those that come meanwhile wait, and ride together.
  const many = Array.from({ length: 512 }, (_, at) => `one of many, number ${at}`);
  const busy = embed(tokens.ci, 'busy', many);
  const burst = Array.from({ length: 40 }, (_, at) =>
    embed(
      tokens.ci,
      `burst-${at}`,
      Array.from({ length: 4 }, (__, item) => `text ${at} number ${item}`),
    ),
  );
  expect(new Set(await Promise.all([busy, ...burst]))).toEqual(new Set([200]));
  await written('burst-39');
  await addCrowd(tested.server.dataDir);
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(() => tested?.[Symbol.asyncDispose]());

describe('the search of requests', () => {
  it('leads by mouse from a query to a slow request, its batch, and somebody who rode along', async () => {
    const page = await tested.page('/traces?last=1h', { as: owner });
    await queryBar(page).fill('batch.size:>4 -outcome:failed');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=batch/);
    await rowsIn(page).first().click();
    const peek = page.getByRole('complementary', { name: 'The request' });
    await peek.getByText(/^It took .* of it/).waitFor();
    await peek.getByRole('button', { name: /^run / }).first().click();
    await peek.getByRole('link', { name: 'Open the batch it rode in' }).click();
    await page.getByRole('heading', { level: 1, name: /^Batch on mini-clip/ }).waitFor();
    await page.getByText(/It left with \d+ of at most \d+ items .* requests rode in it/).waitFor();
    const riders = page.getByRole('table', { name: 'Requests of the batch' }).getByRole('link');
    const rider = riders.nth(1);
    const id = await rider.textContent();
    await rider.click();
    await page.getByRole('heading', { level: 1, name: 'POST /v1/embeddings' }).waitFor();
    await page
      .getByText(id ?? 'no id', { exact: true })
      .first()
      .waitFor();
  });

  it('by the keyboard alone: suggestions, the list, the details beside it, row by row', async () => {
    const page = await tested.page('/traces?last=1h', { as: owner });
    await rowsIn(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('outc');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => queryBar(page).inputValue()).toBe('outcome:');
    await page.keyboard.type('o');
    await page.getByRole('option', { name: /^ok/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=outcome/);
    await page.keyboard.press('Tab'); // out of the query
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const peek = page.getByRole('complementary', { name: 'The request' });
    await peek.getByText(/^It took/).waitFor();
    const first = new URL(page.url()).searchParams.get('peek');
    await page.keyboard.press('j');
    await expect.poll(() => new URL(page.url()).searchParams.get('peek')).not.toBe(first);
    expect(await requestsIn(page).isVisible()).toBe(true);
    await page.keyboard.press('k');
    await expect.poll(() => new URL(page.url()).searchParams.get('peek')).toBe(first);
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'detached' });
  });

  it('points at what it cannot understand, and searches for nothing meanwhile', async () => {
    const page = await tested.page('/traces?last=1h', { as: owner });
    await rowsIn(page).first().waitFor();
    await queryBar(page).fill('outcome:ok colour:red');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Character 12: There is no key "colour".').waitFor();
    expect(await page.getByRole('alert').locator('mark').textContent()).toBe('colour');
    expect(page.url()).not.toContain('colour');
    await page.goto('/traces?q=duration%3A50ms');
    await page.getByText('The query cannot be understood').waitFor();
    await page.getByText('Character 10: Say whether more or less').waitFor();
  });

  it('has one state for the bar, the facets and the address; a name with markup is a text', async () => {
    const page = await tested.page('/traces?last=1h', { as: owner });
    const facet = page.getByRole('region', { name: 'Token' });
    await facet.getByRole('button', { name: `${TOKEN_NAME} 43` }).click();
    await expect.poll(() => queryBar(page).inputValue()).toBe('token:"ci <b>bold</b> \\"quoted\\""');
    await page.getByRole('tab', { name: 'Requests (43)' }).waitFor();
    await page.getByRole('button', { name: 'All without ok' }).click();
    await expect.poll(() => queryBar(page).inputValue()).toContain('-outcome:ok');
    await expect.poll(() => rowsIn(page).count()).toBe(1);
    await page.goBack();
    await expect.poll(() => queryBar(page).inputValue()).not.toContain('-outcome:ok');
    await page.reload();
    await page.getByRole('tab', { name: 'Requests (43)' }).waitFor();
  });

  it('filters by a value of the details, and copies one', async () => {
    const page = await tested.page('/traces?last=1h&q=failed', { as: owner });
    await rowsIn(page).first().click();
    const peek = page.getByRole('complementary', { name: 'The request' });
    await peek.getByRole('button', { name: /POST .v1/ }).click();
    await peek.getByRole('button', { name: 'clip.outcome: model_unknown' }).click();
    await page.getByRole('menuitem', { name: 'Only with this' }).click();
    await expect.poll(() => queryBar(page).inputValue()).toBe('failed outcome:model_unknown');
  });

  it('lists failures by error, token and model, and leads to their requests', async () => {
    const page = await tested.page('/traces?last=1h&view=errors', { as: owner });
    const row = page.getByRole('table', { name: 'Errors' }).getByRole('row', { name: /model_unknown/ });
    await row.getByRole('link', { name: 'Open the last' }).waitFor();
    await row.getByRole('cell').first().click();
    await expect.poll(() => rowsIn(page).count()).toBe(1);
  });

  it('shows a member its own requests only, and nothing of others', async () => {
    const page = await tested.page('/traces?last=1h', { as: member });
    await expect.poll(() => rowsIn(page).count()).toBe(1);
    expect(await page.getByText('bold').count()).toBe(0);
    await page.goto('/traces/first');
    await page.getByText('This request could not be found.').waitFor();
    await page.getByText('There is no request with this id.').waitFor();
  });

  it('holds ten thousand requests of which only those that are seen are in the document', async () => {
    const page = await tested.page('/traces?q=model%3Acrowd', { as: owner });
    await page.getByRole('tab', { name: 'Requests (10,000)' }).waitFor();
    const table = requestsIn(page);
    const count = async () => Number(await table.getAttribute('aria-rowcount'));
    for (let rows = 0; rows < CROWD;) {
      rows = await count();
      await table.evaluate((element) => (element.scrollTop = element.scrollHeight));
      if (rows < CROWD) await expect.poll(count).toBeGreaterThan(rows);
    }
    expect(await rowsIn(page).count()).toBeLessThan(60);
  });
});

describe('a request', () => {
  it('is compared with another one, part by part', async () => {
    const page = await tested.page('/traces/first', { as: owner });
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByLabel('Id of a request or a trace').fill('of-mara');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('row', { name: /The whole request/ }).waitFor();
    await page.getByRole('row', { name: /^run / }).waitFor();
    await page.getByRole('row', { name: /^Items 1 2$/ }).waitFor();
  });

  it('is stored when its token opts in, run again on a model, and removed', async () => {
    const page = await tested.page('/traces/of-mara', { as: member });
    await page.getByRole('button', { name: "Store what “Mara's” sends from now on" }).click();
    await page.getByText("What “Mara's” sends is stored from now on.").waitFor();
    const isStored = (id: string) =>
      vi.waitFor(() => member.call('GET', `/api/traces/${id}/input`), { timeout: 20_000, interval: 100 });
    // The serving process hears within a second of it.
    await vi.waitFor(
      async () => {
        await embed(tokens.mara, 'not-yet', ['a dog']);
        await member.call('GET', '/api/traces/not-yet/input');
      },
      { timeout: 20_000, interval: 500 },
    );
    await embed(tokens.mara, 'stored', ['a <b>bold</b> dog', 'a cat']);
    await isStored('stored');
    await page.goto('/traces/stored');
    await page.getByRole('button', { name: 'Show what it sent (audited)' }).click();
    await page.getByRole('list', { name: 'What it sent' }).getByText('a <b>bold</b> dog').waitFor();
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.getByRole('region', { name: 'Item 1' }).getByRole('rowheader', { name: 'a cat' }).waitFor();
    await page.getByRole('button', { name: 'Remove all of the token' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: "Store what “Mara's” sends from now on" }).waitFor();
    await expect(member.call('GET', '/api/traces/stored/input')).rejects.toThrow('404');
  });

  it('is copied as OTLP JSON, and as a link', async () => {
    const page = await tested.page('/traces/first', { as: owner });
    await page.getByRole('button', { name: 'Copy as OTLP JSON' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const otlp = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    expect(otlp.resourceSpans[0].scopeSpans[0].spans[0].name).toBe('POST /v1/embeddings');
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.getByRole('rowheader', { name: 'queue' }).waitFor();
  });
});

it('all of its pages are accessible in both themes, on a desktop and a phone', { timeout: 240_000 }, async () => {
  const batchId = await sharedBatch();
  const list = async (page: Page) => void (await rowsIn(page).first().waitFor());
  const details = async (page: Page) => {
    await page.getByText(/^It took/).waitFor();
    await page.getByText('prepare').first().waitFor();
  };
  const compared = (page: Page) => page.getByRole('row', { name: /The whole request/ }).waitFor();
  const riders = async (page: Page) => {
    await page.getByText(/the first had waited/).waitFor();
  };
  await Promise.all([
    tested.inspect('traces', '/traces?last=1h&q=outcome%3Aok', owner, list),
    tested.inspect('batch', `/batches/${batchId}`, owner, riders),
  ]);
  await Promise.all([tested.inspect('compare', '/traces/compare?a=first&b=burst-30', owner, compared)]);
  await tested.inspect('traces-peek', '/traces?last=1h', owner, async (page) => {
    await rowsIn(page).nth(2).click();
    await details(page);
  });
  await tested.inspect('trace', '/traces/burst-30', owner, details);
});
