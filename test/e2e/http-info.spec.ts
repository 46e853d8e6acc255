import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { call } from './support/http-call.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ env: { CAS_CORS_ORIGINS: 'https://shop.example' } });
});
afterAll(() => server?.stop());

const get = (path: string, headers: Record<string, string> = {}) => call(server.http(path), { headers });

describe('what clients and people look at first', () => {
  it('GET / is an empty object for programs and the documentation for browsers', async () => {
    expect((await get('/')).json()).toEqual({});
    const browser = await get('/', { accept: 'text/html,application/xhtml+xml' });
    expect([browser.status, browser.headers.location]).toEqual([302, '/docs']);
  });

  it('GET /status tells versions', async () => {
    const { jina, envs } = (await get('/status')).json<{ jina: Record<string, string>; envs: object }>();
    expect(Object.keys(jina)).toContain('clip-as-service');
    expect(envs).toEqual({});
  });

  it('GET /dry_run is the success that jina’s clients look for', async () => {
    expect((await get('/dry_run')).json()).toEqual({ code: 0, description: '', exception: null });
  });

  it('GET /openapi.json lists the paths that the Python client posts to', async () => {
    const { paths } = (await get('/openapi.json')).json<{ paths: Record<string, Record<string, unknown>> }>();
    const posts = Object.keys(paths).filter((path) => 'post' in paths[path]!);
    const wanted = ['/post', '/index', '/search', '/encode', '/rank', '/v1/embeddings', '/v1/rank'];
    expect(posts).toEqual(expect.arrayContaining(wanted));
    expect(Object.keys(paths)).toContain('/v1/models');
  });

  it('the documentation page and every file it needs come from the server itself', async () => {
    const page = await get('/docs', { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<html');
    const links = [...page.text.matchAll(/(?:src|href)\s*=\s*["']([^"']+)["']/g)].map(([, link]) => link!);
    const files = links.filter((link) => !link.startsWith('#'));
    expect(files.length).toBeGreaterThan(0);
    const base = server.http(/\/docs\/?$/.test(page.headers.location ?? '') ? '/docs/' : '/docs');
    for (const file of files) {
      const address = new URL(file, base);
      expect(address.origin, file).toBe(new URL(base).origin);
      expect((await call(address.href)).status, file).toBe(200);
    }
    // Swagger's page else asks a server of its own to validate this one's address.
    expect((await get('/docs/swagger-ui-init.js')).text).toMatch(/"validatorUrl":\s*null/);
    expect(page.text).not.toMatch(/(?:src|href)\s*=\s*["'](?:https?:)?\/\//);
  });
});

describe('what is not there', () => {
  it('an unknown path is 404 in FastAPI’s words', async () => {
    const answer = await get('/nosuch');
    expect([answer.status, answer.json()]).toEqual([404, { detail: 'Not Found' }]);
  });

  it.each([
    ['GET', '/post'],
    ['GET', '/encode'],
    ['PUT', '/rank'],
    ['DELETE', '/status'],
    ['POST', '/dry_run'],
  ])('%s %s is 405 in FastAPI’s words and says what is allowed', async (method, path) => {
    const answer = await call(server.http(path), { method });
    expect([answer.status, answer.json()]).toEqual([405, { detail: 'Method Not Allowed' }]);
    expect(answer.headers.allow).toBeTruthy();
  });

  it('no answer names a path of the machine or a library’s insides', async () => {
    for (const path of ['/nosuch', '/%', '/docs/../../etc/passwd', '/v1/models/..%2f..%2fetc', '/encode/%ff']) {
      const { text, status } = await get(path);
      expect(status, path).toBeGreaterThanOrEqual(400);
      expect(status, path).toBeLessThan(500);
      expect(text, path).not.toMatch(/node_modules|\/libs\/|\.js:\d|root:/);
    }
  });
});

describe('pages in a browser', () => {
  const preflight = (origin: string, at = server) =>
    call(at.http('/v1/embeddings'), {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });

  it('of an allowed origin may call', async () => {
    const { status, headers } = await preflight('https://shop.example');
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe('https://shop.example');
    expect(headers['access-control-allow-methods']).toContain('POST');
  });

  it('of another origin may not', async () => {
    const { headers } = await preflight('https://evil.example');
    expect(headers['access-control-allow-origin']).not.toBe('https://evil.example');
    expect(headers['access-control-allow-origin']).not.toBe('*');
  });

  it('of any origin may not while nothing is set', async () => {
    await using closed = await startServer();
    const { headers } = await preflight('https://shop.example', closed);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});
