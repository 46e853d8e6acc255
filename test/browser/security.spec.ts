import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleUnderTest, PASSWORD } from './support/console-under-test.js';
import type { Person } from './support/person.js';

/** Texts that would run if a page took them for markup; what they would do is harmless, and seen. */
const MARKUP = [
  '<img src=x onerror="window.ran=1">',
  '<script>window.ran=1</script>',
  '"><svg onload="window.ran=1">',
  "'-(window.ran=1)-'{{window.ran=1}}",
];

let tested: ConsoleUnderTest;
let owner: Person;
let elsewhere: Server;

/** A page of another origin; the same host, so that browsers send cookies there. */
function elsewhereUrl(path: string): string {
  return `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}${path}`;
}

beforeAll(async () => {
  tested = await ConsoleUnderTest.open();
  owner = await tested.setUp();
  elsewhere = createServer((req, res) => {
    const target = tested.url('');
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
  it('are shown as texts on every page, and never run', async () => {
    const ids: string[] = [];
    for (const name of MARKUP) {
      const { record } = await owner.call<{ record: { id: string } }>('POST', '/api/tokens', {
        name,
        expiresInDays: 1,
      });
      ids.push(record.id);
    }
    await owner.call('PATCH', `/api/tokens/${ids[0]}`, { limits: { itemsPerDay: 5 } });
    await owner.call('POST', '/api/accounts', { email: 'eve@example.com', name: MARKUP[0], role: 'member' });
    const { desired } = await owner.call<{ desired: { models: object[] } }>('GET', '/api/models');
    await owner.call('PUT', '/api/models', { models: desired.models, note: MARKUP[1] });
    for (const model of MARKUP) {
      await fetch(tested.server.http('/v1/embeddings'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, input: MARKUP }),
      });
    }
    const { events } = await owner.call<{ events: { seq: number }[] }>('GET', '/api/audit?action=token.create');
    const page = await tested.page('/tokens', { as: owner });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (violation) =>
        console.error(`policy: ${violation.violatedDirective} ${violation.blockedURI}`),
      );
    });
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    for (const path of [
      ...['/', '/tokens', `/tokens/${ids[0]}`, '/audit', `/audit?event=${events[0]?.seq}`, '/usage?split=token'],
      ...['/limits', '/accounts', '/models', '/replicas', '/traces', '/playground', '/settings'],
      `/settings?q=${encodeURIComponent(MARKUP[0] ?? '')}`,
      `/audit?target=${encodeURIComponent(MARKUP[0] ?? '')}`,
      `/usage?model=${encodeURIComponent(MARKUP[2] ?? '')}`,
      `/traces/${encodeURIComponent(MARKUP[1] ?? '')}`,
      `/${encodeURIComponent(MARKUP[0] ?? '')}`,
    ]) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.evaluate(() => 'ran' in window), path).toBe(false);
      expect(await page.locator('img[src="x"], svg[onload]').count(), path).toBe(0);
    }
    await page.goto('/audit?action=token.create');
    await page
      .getByRole('row')
      .filter({ hasText: MARKUP[0] ?? '' })
      .first()
      .waitFor();
    expect(dialogs).toEqual([]);
    expect(tested.problems.splice(0)).toEqual([]);
    await tested.closePages();
  });
});

describe('the log-in', () => {
  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/%09/evil.example',
    'javascript:alert(1)',
    '//',
  ])('leads nowhere but to pages of the console: %s', async (next) => {
    const page = await tested.page(`/login?next=${encodeURIComponent(next)}`);
    await page.getByLabel('E-mail address').fill('olga@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    expect(new URL(page.url()).origin).toBe(new URL(tested.url('/')).origin);
    await tested.closePages();
  });
});
