import { afterEach, describe, expect, it } from 'vitest';
import { routesIn } from '../../../../test/support/registered-routes.js';
import { type RunningServer, startServer } from '../testing/running-server.js';

let server: RunningServer;
afterEach(() => server.app.close());

interface ApiDocument {
  paths: Record<string, Record<string, { operationId: string; security: object[] }>>;
}

async function documentOf({ port }: RunningServer): Promise<ApiDocument> {
  return (await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).json()) as ApiDocument;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function operationsOf({
  paths,
}: ApiDocument): [name: string, operation: { operationId: string; security: object[] }][] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]): [string, typeof operation] => [`${method.toUpperCase()} ${path}`, operation]),
  );
}

/** The documentation itself. */
const OWN = /^GET \/(docs|openapi\.json)/;

describe('/openapi.json', () => {
  it('has every route that there is, and no other', async () => {
    server = await startServer();
    const printed = server.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
    const routes = routesIn(printed).filter((route) => !OWN.test(route));
    const described = operationsOf(await documentOf(server)).map(([name]) => name.replace('{model}', '*'));
    expect(routes.length).toBeGreaterThan(15);
    expect(described.toSorted()).toEqual(routes.toSorted());
  });

  it('names every operation once', async () => {
    server = await startServer();
    const ids = operationsOf(await documentOf(server)).map(([, { operationId }]) => operationId);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
  });

  it('asks for a token only where one is needed', async () => {
    server = await startServer();
    Object.assign(server.services.guard, { required: false });
    const security = async () =>
      Object.fromEntries(operationsOf(await documentOf(server)).map(([name, operation]) => [name, operation.security]));
    expect(await security()).toMatchObject({
      'GET /health': [],
      'POST /encode': [{ token: [] }, {}],
      'POST /v1/rank': [{ token: [] }, {}],
    });
  });

  it('has a model that is served as its example', async () => {
    server = await startServer();
    const { paths } = await documentOf(server);
    const item = paths['/v1/models/{model}'] as unknown as { parameters: object[] };
    expect(item.parameters).toMatchObject([{ name: 'model', example: server.model.info.name }]);
  });
});
