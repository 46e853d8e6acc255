import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { repositoryRoot } from '../support/server.js';
import { ConsoleUnderTest, PASSWORD } from './support/console-under-test.js';
import type { Person } from './support/person.js';

/** Texts that would run if a page took them for markup; what they would do is harmless, and seen. */
const MARKUP = [
  '<img src=x onerror="window.ran=1">',
  '<script>window.ran=1</script>',
  '"><svg onload="window.ran=1">',
  "'-(window.ran=1)-'{{window.ran=1}}",
];

/** The drawing is no picture, and its name is markup. */
const FILE = { name: `${MARKUP[0]}.png`, mimeType: 'image/png', buffer: Buffer.from('no picture at all') };

let tested: ConsoleUnderTest;
let owner: Person;
let elsewhere: Server;

/** A page of another origin; the same host, so that browsers send cookies there. */
function elsewhereUrl(path: string): string {
  return `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}${path}`;
}

beforeAll(async () => {
  tested = await ConsoleUnderTest.open({ env: { OTEL_TRACES_SAMPLER: 'always_on' } });
  owner = await tested.setUp();
  elsewhere = createServer((req, res) => {
    const target = tested.url('/');
    const pages: Record<string, string> = {
      '/frame': `<h1>frame</h1><iframe src="${target}tokens"></iframe>`,
      '/form': `<h1>form</h1><form method="post" enctype="text/plain" action="${target}api/tokens">
        <input name='{"name":"forged","expiresInDays":1,"x":"' value='"}'><button>Win</button></form>`,
      '/fetch': '<h1>fetch</h1>',
    };
    res.setHeader('content-type', 'text/html').end(pages[req.url ?? ''] ?? '');
  });
  await new Promise<void>((listening) => elsewhere.listen(0, '127.0.0.1', listening));
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(async () => {
  await tested?.[Symbol.asyncDispose]();
  elsewhere.close();
});

/** A page of the other origin, in a browser in which the owner is logged in to the console. */
async function pageElsewhere(path: string): Promise<Page> {
  const context = await tested.browser.newContext();
  await context.addCookies(owner.cookiesFor(tested.url('/')));
  const page = await context.newPage();
  await page.goto(elsewhereUrl(path));
  return page;
}

describe('a page of another origin', () => {
  it('cannot show the console in a frame', async () => {
    const page = await pageElsewhere('/frame');
    await expect.poll(() => page.frames().map((frame) => frame.url())).toContain('chrome-error://chromewebdata/');
    expect(await page.frameLocator('iframe').getByText('Tokens').count()).toBe(0);
    await page.context().close();
  });

  it('cannot send a form that changes anything, although the browser sends the cookie', async () => {
    const page = await pageElsewhere('/form');
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/api/tokens')),
      page.getByRole('button').click(),
    ]);
    expect(answer.status()).toBe(403);
    const { tokens } = await owner.call<{ tokens: { name: string }[] }>('GET', '/api/tokens');
    expect(tokens.map(({ name }) => name)).not.toContain('forged');
    await page.context().close();
  });

  it('reads nothing of the API, and hears none of its events', async () => {
    const page = await pageElsewhere('/fetch');
    const outcomes = await page.evaluate(async (api) => {
      const read = await fetch(`${api}session`, { credentials: 'include' }).then(
        () => 'read',
        () => 'refused',
      );
      const changed = await fetch(`${api}tokens`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"forged","expiresInDays":1}',
      }).then(
        () => 'changed',
        () => 'refused',
      );
      const heard = await new Promise((settle) => {
        const source = new EventSource(`${api}events`, { withCredentials: true });
        source.onopen = () => settle('heard');
        source.onerror = () => (source.close(), settle('refused'));
      });
      return [read, changed, heard];
    }, tested.url('/api/'));
    expect(outcomes).toEqual(['refused', 'refused', 'refused']);
    await page.context().close();
  });
});

describe('texts that somebody has chosen', () => {
  it('are shown as texts on every page, never run, and break no rule of the policy', async () => {
    const paths = [...(await pagesOfStoredTexts()), ...PAGES, ...PAGES_OF_ADDRESSES];
    const page = await tested.page('/tokens', { as: owner });
    await watchPolicy(page);
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expect.poll(() => page.locator('[role=status] > .unseen').count()).toBe(0);
      await expectNothingRan(page, path);
    }
    await page.goto('/audit?action=token.create');
    await page
      .getByRole('row')
      .filter({ hasText: MARKUP[0] ?? '' })
      .first()
      .waitFor();
  });

  it('are texts in the playground, in its errors and in the details of its requests', async () => {
    const page = await tested.page(`/playground?texts=${encodeURIComponent(MARKUP.join('\n'))}`, { as: owner });
    await watchPolicy(page);
    await page.getByLabel('Pictures', { exact: true }).setInputFiles([FILE]);
    await page.getByRole('alert').getByText(`${FILE.name} got no vector`).waitFor();
    await expectNothingRan(page, 'a picture that is none');
    await page.getByRole('button', { name: 'Remove all' }).click();
    const buffer = readFileSync(join(repositoryRoot, 'test/fixtures/photo-cat.jpg'));
    await page.getByLabel('Pictures', { exact: true }).setInputFiles([{ ...FILE, buffer }]);
    await page.getByRole('button', { name: `${FILE.name}, ${MARKUP[1]}` }).waitFor();
    for (const tab of ['Ranking', 'Search', 'Map', 'Code']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tab', { name: tab, selected: true }).waitFor();
      await expectNothingRan(page, tab);
    }
    for (const language of ['Python', 'TypeScript']) {
      await page.getByRole('tab', { name: language }).click();
      await expectNothingRan(page, language);
    }
  });
});

describe('the log-in', () => {
  it('leads nowhere but to pages of the console, whatever address its link holds', async () => {
    const page = await tested.page('/login');
    const { origin } = new URL(page.url());
    const host = new URL(elsewhereUrl('/')).host;
    for (const next of [
      ...[elsewhereUrl('/frame'), `//${host}/frame`, `/\\${host}/frame`, `/\t/${host}/frame`, `/..//${host}/frame`],
      'javascript:window.ran=1',
    ]) {
      await page.context().clearCookies();
      await page.goto(`/login?next=${encodeURIComponent(next)}`);
      await page.getByLabel('E-mail address').fill('olga@example.com');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('navigation', { name: 'Pages' }).waitFor();
      expect(new URL(page.url()).origin, next).toBe(origin);
      await expectNothingRan(page, next);
    }
  });

  it('says of a failure that is none of ours only that it failed', async () => {
    for (const problem of ['__proto__', encodeURIComponent(MARKUP[0] ?? '')]) {
      const page = await tested.page(`/login#problem=${problem}`);
      await page.getByText('Single sign-on failed. Try again.').waitFor();
      await page.getByRole('button', { name: 'Log in' }).waitFor();
    }
  });
});

/** Pages that show what is stored. */
const PAGES = [
  ...['/', '/tokens', '/audit', '/usage?split=token', '/limits', '/accounts', '/models', '/replicas', '/traces'],
  ...['/settings', '/account'],
];

/** Pages that show a text of their own address, or have none for it. */
const IN_ADDRESS = encodeURIComponent(MARKUP.join(' '));
const PAGES_OF_ADDRESSES = [
  ...[`/tokens?name=${IN_ADDRESS}`, `/settings?q=${IN_ADDRESS}`, `/audit?target=${IN_ADDRESS}`],
  ...[`/usage?model=${IN_ADDRESS}`, `/traces?q=${IN_ADDRESS}`, `/traces/${IN_ADDRESS}`, `/tokens/${IN_ADDRESS}`],
  ...[`/replicas/${IN_ADDRESS}`, `/batches/${IN_ADDRESS}`, `/${IN_ADDRESS}`],
];

/** Stores markup wherever somebody may choose a text, and answers the pages of single things that show it. */
async function pagesOfStoredTexts(): Promise<string[]> {
  const names = MARKUP.map((name) => owner.call<Issued>('POST', '/api/tokens', { name, expiresInDays: 1 }));
  const [first] = await Promise.all(names);
  await owner.call('PATCH', `/api/tokens/${first?.record.id}`, { limits: { itemsPerDay: 5 } });
  await owner.call('POST', '/api/accounts', { email: 'eve@example.com', name: MARKUP[0], role: 'member' });
  const { desired } = await owner.call<{ desired: { models: object[] } }>('GET', '/api/models');
  await owner.call('PUT', '/api/models', { models: desired.models, note: MARKUP[1] });
  const requests = await Promise.all(MARKUP.map((text) => requestNaming(text, first?.token ?? '')));
  const { events } = await owner.call<{ events: { seq: number }[] }>('GET', '/api/audit?action=token.create');
  for (const id of requests) await vi.waitFor(() => owner.call('GET', `/api/traces/${id}`), { timeout: 20_000 });
  return [
    ...[`/tokens/${first?.record.id}`, `/audit?event=${events[0]?.seq}`],
    ...requests.slice(0, 2).map((id) => `/traces/${id}`),
  ];
}

interface Issued {
  readonly token: string;
  readonly record: { readonly id: string };
}

/** Asks for a model of this name; answers the id of the request, which was refused. */
async function requestNaming(text: string, token: string): Promise<string> {
  const { headers } = await fetch(tested.server.http('/v1/embeddings'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'user-agent': text },
    body: JSON.stringify({ model: text, input: MARKUP }),
  });
  return headers.get('x-request-id') ?? '';
}

/** Notes as a problem what a page is kept from by its policy, and each question that it asks. */
async function watchPolicy(page: Page): Promise<void> {
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (violation) =>
      console.error(`policy: ${violation.violatedDirective} ${violation.blockedURI}`),
    );
  });
  page.on('dialog', (dialog) => {
    tested.problems.push(`${page.url()} asks ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

async function expectNothingRan(page: Page, where: string): Promise<void> {
  expect(await page.evaluate(() => 'ran' in window), where).toBe(false);
  expect(await page.locator('img[src="x"], svg[onload]').count(), where).toBe(0);
}
