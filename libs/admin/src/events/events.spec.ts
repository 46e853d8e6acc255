import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '#auth';
import { AdminUnderTest, HOST, ON_HOST } from '../testing/admin-under-test.js';

/** A page that listens. */
interface Page {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  /** All that has come so far. */
  text(): string;
  readonly ended: Promise<void>;
  close(): void;
}

describe('the stream of events', () => {
  let admin: AdminUnderTest;
  let owner: Account;
  let member: Account;
  const pages: Page[] = [];

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    owner = await admin.account('olga', 'owner');
    member = await admin.account('mia', 'member');
    await admin.app.listen(0, '127.0.0.1');
  });

  afterEach(() => {
    for (const page of pages.splice(0)) page.close();
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const listen = async (headers: Record<string, string>, of = admin): Promise<Page> => {
    const { port } = of.app.getHttpServer().address() as AddressInfo;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = { host: HOST, accept: 'text/event-stream', ...headers };
    const request = get({ host: '127.0.0.1', port, path: '/api/events', headers: sent }, resolve).on('error', reject);
    const response = await promise;
    response.setEncoding('utf8');
    let text = '';
    response.on('data', (some: string) => (text += some));
    const ended = new Promise<void>((over) => response.on('close', over));
    response.on('error', () => undefined);
    const { statusCode: status, headers: answered } = response;
    const page = { status, headers: answered, text: () => text, ended, close: () => request.destroy() };
    pages.push(page);
    return page;
  };

  it('tells a page what has changed, within a second and without a buffer in between', async () => {
    const page = await listen(await admin.browserOf(owner));
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({
      ...{ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      'cache-control': 'no-store, no-transform',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    await expect.poll(page.text).toContain('event: open\n');
    await expect
      .poll(async () => {
        await admin.services.tokens.create(ON_HOST, { name: 'ci', expiresInDays: 1 });
        return page.text();
      })
      .toMatch(/event: changed\ndata: \{"topics":\[[^\n]*"tokens"[^\n]*\]\}\n\n/);
    expect(page.text()).toContain('"audit"');
  });

  it('does not tell members of what they may not see', async () => {
    const page = await listen(await admin.browserOf(member));
    await expect
      .poll(async () => {
        await admin.services.tokens.create(ON_HOST, { name: 'ci', expiresInDays: 1 });
        return page.text();
      })
      .toContain('event: changed');
    expect(page.text()).not.toContain('"audit"');
    expect(page.text()).not.toContain('"accounts"');
  });

  it('says that the session has ended, and ends', async () => {
    const headers = await admin.browserOf(member);
    const page = await listen(headers);
    await admin.call('DELETE', '/api/session', { headers });
    await page.ended;
    expect(page.text()).toContain('event: ended\ndata: {"reason":"session_ended"}\n\n');
  });

  it('ends when the account gets another role, so that the page asks again', async () => {
    const vera = await admin.account('vera', 'viewer');
    const page = await listen(await admin.browserOf(vera));
    await admin.services.accounts.setRole(ON_HOST, vera.id, 'member');
    await page.ended;
    expect(page.text()).not.toContain('event: ended');
  });

  it('is open to so many pages of one session, and to others beside it', async () => {
    const headers = await admin.browserOf(member);
    for (let n = 0; n < 20; n += 1) expect((await listen(headers)).status).toBe(200);
    const refused = await listen(headers);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
    expect((await listen(await admin.browserOf(owner))).status).toBe(200);
    pages.shift()?.close();
    await expect.poll(async () => (await listen(headers)).status).toBe(200);
  });

  it('is refused to who does not ask for events, which would wait for ever', async () => {
    const headers = await admin.browserOf(owner);
    expect((await admin.call('GET', '/api/events', { headers })).status).toBe(422);
  });

  it('ends when the server does, and holds it up not at all', async () => {
    const other = await AdminUnderTest.open();
    await other.app.listen(0, '127.0.0.1');
    const page = await listen(await other.browserOf(await other.account('olga', 'owner')), other);
    expect(page.status).toBe(200);
    await other[Symbol.asyncDispose]();
    await page.ended;
  });
});
