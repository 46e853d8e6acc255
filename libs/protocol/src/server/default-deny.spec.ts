import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { routesIn } from '../../../../test/support/registered-routes.js';
import { requireRows } from '../grpc/grpc-methods.js';
import { createInferenceServer } from './create-server.js';
import { type RunningServer, startServer } from '../testing/running-server.js';
import { buildServices } from '../testing/sample-services.js';

/** What anybody may read without a token. */
const OPEN = [
  'GET /',
  'GET /health',
  'GET /status',
  'GET /dry_run',
  'GET /openapi.json',
  /^(GET|HEAD) \/docs/,
  /^OPTIONS /,
];

/** What anybody may ask for nothing that has to be computed. */
const DOCUMENTS = ['/post', '/encode', '/encode/*', '/rank', '/rank/*', '/index', '/search'].map((p) => `POST ${p}`);

let server: RunningServer;
beforeEach(async () => {
  server = await startServer();
  Object.assign(server.services.guard, { required: true, authenticate: () => Promise.resolve(undefined) });
});
afterEach(() => server.app.close());

async function ask(route: string, body?: string): Promise<number> {
  const [method = '', path = ''] = route.split(' ');
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body };
  const url = `http://127.0.0.1:${server.port}${path.replace('*', 'ViT-B-32::openai')}`;
  return (await fetch(url, { method, headers, redirect: 'manual', ...sent })).status;
}

const isOneOf = (known: readonly (string | RegExp)[], route: string): boolean =>
  known.some((one) => (typeof one === 'string' ? one === route : one.test(route)));

describe('without a token', () => {
  it('every route is closed but those that are open on purpose', async () => {
    const routes = routesIn(server.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }));
    expect(routes.length).toBeGreaterThan(18);
    for (const route of routes) {
      const isOpen = isOneOf(OPEN, route);
      if (DOCUMENTS.includes(route)) {
        expect([route, await ask(route, '{"data":[]}')]).toEqual([route, 200]);
        expect([route, await ask(route, '{"data":[{"text":"a"}]}')]).toEqual([route, 401]);
      } else if (!isOpen) expect([route, await ask(route)]).toEqual([route, 401]);
      else expect([route, await ask(route)]).not.toEqual([route, 401]);
    }
  });

  it('a path that has no route is not told from one that has', async () => {
    expect(await ask('GET /nowhere')).toBe(401);
  });
});

describe('what does not say what it needs', () => {
  it('is closed to everybody where it is a route', async () => {
    const silent = { log: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const handle = vi.fn(() => 'reached');
    const { services: parts } = buildServices();
    const { app } = await createInferenceServer({ parts, reflection: false, graceMs: 0, logger: silent });
    app.getHttpAdapter().getInstance().get('/undeclared', handle);
    await app.init();
    const { statusCode } = await app.inject({ url: '/undeclared' });
    await app.close();
    expect(statusCode).toBe(500);
    expect(handle).not.toHaveBeenCalled();
  });

  it('does not start where it is a gRPC method', () => {
    expect(() => requireRows(['/clip.v1.Clip/Encode', '/clip.v1.Clip/New'])).toThrow('/clip.v1.Clip/New');
  });
});
