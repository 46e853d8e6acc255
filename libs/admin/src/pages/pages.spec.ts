import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminUnderTest } from '../testing/admin-under-test.js';

const PAGES = ['/', '/login', '/setup', '/invite', '/reset'];

describe('pages', () => {
  let admin: AdminUnderTest;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  it.each(PAGES)(
    '%s comes without a log-in, and with no script or style inside that its policy forbids',
    async (url) => {
      const { status, headers, text } = await admin.call('GET', url);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    },
  );

  it.each(PAGES)('every file that %s names is there', async (url) => {
    const { text } = await admin.call('GET', url);
    const files = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect((await admin.call('GET', file)).status, file).toBe(200);
  });

  it.each(PAGES)('every field of %s has a label', async (url) => {
    const { text } = await admin.call('GET', url);
    const fields = [...text.matchAll(/<input[^>]*\sid="([^"]+)"/g)].map(([, id]) => id ?? '');
    for (const id of fields) expect(text).toContain(`for="${id}"`);
  });

  it('nothing but the assets is served from their folder', async () => {
    for (const url of ['/assets/login.html', '/assets/../admin.module.ts', '/assets/%2e%2e/src/index.ts']) {
      expect((await admin.call('GET', url)).status).toBe(404);
    }
  });
});
