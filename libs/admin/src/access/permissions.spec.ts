import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT_ROLES, type Account } from '#auth';
import type { AccountRole } from '#database';
import { AdminUnderTest } from '../testing/admin-under-test.js';

const CALLERS = [...ACCOUNT_ROLES, 'admin token', 'encode token', 'nobody'] as const;

type CallerKind = (typeof CALLERS)[number];

const ALL = [...ACCOUNT_ROLES, 'admin token'] as const;
const PEOPLE = ACCOUNT_ROLES;
const ADMINS = ['owner', 'admin', 'admin token'] as const;
const MAKERS = [...ADMINS, 'member'] as const;
const PLAYERS = ['owner', 'admin', 'member'] as const;
const READERS = [...ADMINS, 'viewer'] as const;
const EVERYBODY = CALLERS;

/** Who gets past the door of each route; the bodies are empty and the ids unknown, so that nothing changes. */
const ROUTES: readonly [route: string, allowed: readonly CallerKind[]][] = [
  ['GET /api/setup', EVERYBODY],
  ['POST /api/setup', EVERYBODY],
  ['POST /api/links/accept', EVERYBODY],
  ['POST /api/session', EVERYBODY],
  ['GET /api/session', ALL],
  ['PATCH /api/session', PEOPLE],
  ['DELETE /api/session', PEOPLE],
  ['POST /api/session/password', PEOPLE],
  ['GET /api/session/others', PEOPLE],
  ['DELETE /api/session/others', PEOPLE],
  ['DELETE /api/session/others/{id}', PEOPLE],
  ['GET /api/oidc', EVERYBODY],
  ['GET /api/oidc/start', EVERYBODY],
  ['GET /api/oidc/callback', EVERYBODY],
  ['GET /api/tokens', ALL],
  ['POST /api/tokens', MAKERS],
  ['GET /api/tokens/{id}', ALL],
  ['PATCH /api/tokens/{id}', MAKERS],
  ['DELETE /api/tokens/{id}', MAKERS],
  ['POST /api/tokens/{id}/rotate', MAKERS],
  ['GET /api/tokens/{id}/impact', ALL],
  ['POST /api/tokens/{id}/restore', MAKERS],
  ['POST /api/tokens/{id}/end-grace', MAKERS],
  ['GET /api/console', ALL],
  ['GET /api/roles', ALL],
  ['GET /api/accounts', READERS],
  ['POST /api/accounts', ADMINS],
  ['GET /api/accounts/{id}', READERS],
  ['PATCH /api/accounts/{id}', ADMINS],
  ['DELETE /api/accounts/{id}', ADMINS],
  ['POST /api/accounts/{id}/reset-link', ADMINS],
  ['GET /api/audit', READERS],
  ['GET /api/audit/export', READERS],
  ['GET /api/audit.csv', READERS],
  ['GET /api/audit/verify', READERS],
  ['GET /api/audit/verify/step', READERS],
  ['GET /api/limits', ALL],
  ['GET /api/usage', ALL],
  ['GET /api/usage.csv', ALL],
  ['GET /api/traces', ALL],
  ['GET /api/traces/errors', ALL],
  ['GET /api/traces/facets', ALL],
  ['GET /api/traces/{id}', ALL],
  ['GET /api/stored-requests', ALL],
  ['DELETE /api/stored-requests', MAKERS],
  ['GET /api/traces/{id}/input', ALL],
  ['DELETE /api/traces/{id}/input', MAKERS],
  ['POST /api/traces/{id}/replay', MAKERS],
  ['GET /api/traces/{id}/otlp', ALL],
  ['GET /api/batches/{id}', ALL],
  ['GET /api/models', ALL],
  ['PUT /api/models', ADMINS],
  ['POST /api/models/plan', ALL],
  ['POST /api/models/rollback', ADMINS],
  ['GET /api/models/versions/{from}/diff/{to}', ALL],
  ['GET /api/catalogue', ALL],
  ['GET /api/pulls', ALL],
  ['POST /api/catalogue/{name}/pull', ADMINS],
  ['POST /api/catalogue/{name}/cancel', ADMINS],
  ['POST /api/catalogue/{name}/verify', ADMINS],
  ['GET /api/devices', ALL],
  ['GET /api/settings', READERS],
  ['GET /api/events', PEOPLE],
  ['GET /api/overview', ALL],
  ['GET /api/pods', ALL],
  ['GET /api/pods/{id}', ALL],
  ['POST /api/pods/{id}/replicas/{replica}/drain', ADMINS],
  ['POST /api/pods/{id}/replicas/{replica}/restart', ADMINS],
  ['POST /api/pods/{id}/restore', ADMINS],
  ['GET /api/log-level', READERS],
  ['PUT /api/log-level', ADMINS],
  ['DELETE /api/log-level', ADMINS],
  ['GET /api/playground', [...PLAYERS, 'admin token']],
  ['GET /api/playground/models', PLAYERS],
  ['POST /api/playground/embed', PLAYERS],
  ['POST /api/playground/rank', PLAYERS],
  ['POST /api/playground/explain', PLAYERS],
  ['GET /health/live', EVERYBODY],
];

const BODY_METHODS = ['POST', 'PATCH', 'PUT'];

describe('who may do what', () => {
  let admin: AdminUnderTest;
  const accounts = new Map<AccountRole, Account>();
  const programs = new Map<CallerKind, Record<string, string>>();

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    for (const role of ACCOUNT_ROLES) accounts.set(role, await admin.account(role, role));
    programs.set('admin token', await admin.programWith(['admin:*']));
    programs.set('encode token', await admin.programWith(['encode']));
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  async function headersOf(kind: CallerKind): Promise<Record<string, string>> {
    const account = ACCOUNT_ROLES.find((role) => role === kind);
    return account === undefined ? (programs.get(kind) ?? {}) : admin.browserOf(accounts.get(account)!);
  }

  it.each(ROUTES)('%s lets in whom it should and nobody else', async (route, allowed) => {
    const [method, path] = route.split(' ') as ['GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', string];
    const url = path.replace('{id}', '00000000-0000-4000-8000-000000000000');
    const body = BODY_METHODS.includes(method) ? { body: {} } : {};
    const letIn: CallerKind[] = [];
    for (const kind of CALLERS) {
      const { status, text } = await admin.call(method, url, { ...body, headers: await headersOf(kind) });
      const expected = kind === 'nobody' ? 401 : 403;
      const isLetIn = status !== expected;
      expect(status, `${kind}: ${text}`).not.toBe(500);
      if (isLetIn) letIn.push(kind);
    }
    expect(letIn.toSorted()).toEqual([...allowed].toSorted());
  });

  it('the table names every route of the API', async () => {
    const { json } = await admin.call('GET', '/openapi.json');
    const paths = json.paths as Record<string, object>;
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.toSorted()).toEqual(ROUTES.map(([route]) => route).toSorted());
  });
});
