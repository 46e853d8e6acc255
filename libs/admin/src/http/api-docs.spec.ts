import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routesIn } from '../../../../test/support/registered-routes.js';
import { AdminUnderTest } from '../testing/admin-under-test.js';
import { isOpenPage } from '../testing/open-pages.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

interface Operation {
  'x-needs': string;
  operationId: string;
  security: object[];
  responses: Record<string, unknown>;
}

describe('/openapi.json of the admin API', () => {
  let admin: AdminUnderTest;
  let operations: Map<string, Operation>;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    const { json } = await admin.call('GET', '/openapi.json');
    const paths = json.paths as Record<string, Record<string, Operation>>;
    operations = new Map(
      Object.entries(paths).flatMap(([path, item]) =>
        METHODS.flatMap((method) => (item[method] ? [[`${method.toUpperCase()} ${path}`, item[method]]] : [])),
      ),
    );
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  it('has every route that there is, and no other', () => {
    const printed = admin.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
    const routes = routesIn(printed).filter((route) => !isOpenPage(route));
    const described = [...operations.keys()].map((name) => name.replaceAll(/\{(\w+)\}/g, ':$1'));
    expect(routes.length).toBeGreaterThan(30);
    expect(described.toSorted()).toEqual(routes.toSorted());
  });

  it('names every operation once', () => {
    const ids = [...operations.values()].map(({ operationId }) => operationId);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
  });

  it('says of each who may call it: anybody, a session with its CSRF token for changes, or a token as well', () => {
    const securityOf = (name: string) => operations.get(name)?.security;
    expect(securityOf('GET /api/setup')).toEqual([]);
    expect(securityOf('GET /api/tokens')).toEqual([{ token: [] }, { session: [] }]);
    expect(securityOf('POST /api/tokens')).toEqual([{ token: [] }, { session: [], csrf: [] }]);
    expect(securityOf('GET /api/session/others')).toEqual([{ session: [] }]);
    expect(securityOf('DELETE /api/session')).toEqual([{ session: [], csrf: [] }]);
    expect(operations.get('POST /api/accounts')?.['x-needs']).toBe('accounts:write');
  });
});
