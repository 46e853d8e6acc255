import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminUnderTest } from '../testing/admin-under-test.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml' };

describe('the console', () => {
  let admin: AdminUnderTest;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  it.each([
    ...['/', '/login', '/setup', '/invite', '/tokens', '/traces/4bf92f3577b34da6?tab=spans'],
    ...['/replicas/ViT-L.14', '/replicas/a.onnx?tab=queue', '/no%20page.%20None'],
  ])('is one page at %s, without a log-in, with no script or style inside that its policy forbids', async (url) => {
    const { status, headers, text } = await admin.call('GET', url, { headers: BROWSER });
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });

  it('has every file that the page names, kept by browsers for ever, and compressed for who takes that', async () => {
    const { text } = await admin.call('GET', '/', { headers: BROWSER });
    const files = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const { status, headers } = await admin.call('GET', file, { headers: { 'accept-encoding': 'br' } });
      expect([status, headers['content-encoding']], file).toEqual([200, 'br']);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  it('leaves addresses of the API to the API, and tells programs that an address is none', async () => {
    for (const url of ['/api/nothing', '/api', '/openapi.json/more']) {
      const { status, json } = await admin.call('GET', url, { headers: BROWSER });
      expect([status, json?.error.code], url).toEqual([404, 'not_found']);
    }
    expect((await admin.call('GET', '/nothing')).status).toBe(404);
    expect((await admin.call('GET', '/nothing.js', { headers: BROWSER })).status).toBe(404);
  });

  it('serves nothing but its own files', async () => {
    for (const url of [
      '/assets/nope.js',
      '/assets/%2e%2e%2findex.html',
      '/assets/..%5cindex.html',
      '/..%2fpackage.json',
    ]) {
      expect((await admin.call('GET', url)).status, url).toBe(404);
    }
    expect((await admin.call('GET', '/mark.svg')).headers['content-type']).toContain('image/svg+xml');
  });
});
