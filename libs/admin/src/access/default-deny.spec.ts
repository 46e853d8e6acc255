import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT_ROLES, PERMISSIONS, ROLE_PERMISSIONS, type Account } from '#auth';
import { AdminModule } from '../admin.module.js';
import { ErrorFilter } from '../http/error.filter.js';
import { checkRoutes } from '../http/route-checks.js';
import { AdminUnderTest } from '../testing/admin-under-test.js';
import { isOpenPage } from '../testing/open-pages.js';
import { Cookies } from './cookies.js';
import { Needs, OPEN_ROUTE, type Need } from './needs.js';
import { PublicAddress } from './public-address.js';

type Method = Parameters<AdminUnderTest['call']>[0];
type Headers = Record<string, string>;

const NEEDS: readonly Need[] = ['nothing', 'caller', 'session', ...PERMISSIONS];

/** Each way to call without being allowed to, with the status of its refusal. */
const WITHOUT_CREDENTIALS: readonly [what: string, headers: Headers, status: number][] = [
  ['no credential', {}, 401],
  ['an empty Authorization header', { authorization: '' }, 401],
  ['a token that is none', { authorization: 'Bearer nonsense' }, 401],
  ['basic authentication', { authorization: 'Basic YW5uOnBhc3N3b3Jk' }, 401],
  ['a session that is none', { cookie: `__Host-cas_session=${'x'.repeat(43)}` }, 401],
];

let admin: AdminUnderTest;
const accounts = new Map<string, Account>();
/** By method and path, what the document says that it needs. */
const documented = new Map<string, Need>();

beforeAll(async () => {
  admin = await AdminUnderTest.open();
  for (const role of ACCOUNT_ROLES) accounts.set(role, await admin.account(role, role));
  const { json } = await admin.call('GET', '/openapi.json');
  for (const [path, methods] of Object.entries<Record<string, { 'x-needs': Need }>>(json.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      documented.set(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, operation['x-needs']);
    }
  }
});

afterAll(() => admin[Symbol.asyncDispose]());

/** Every method and path that Fastify routes, as it prints them: a tree of path parts, four characters a level. */
function routesOf(app: NestFastifyApplication): string[] {
  const routes: string[] = [];
  const parts: string[] = [];
  for (const line of app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods = ''] = /^([\s│├└─]+)(\S+)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (part === '') continue;
    parts.splice(indent.length / 4 - 1, Infinity, part);
    for (const method of methods.split(', ').filter((one) => one !== '')) routes.push(`${method} ${parts.join('')}`);
  }
  return routes;
}

/** What a route needs as documented; HEAD as GET; the pages and the documentation nothing. */
function needOf(route: string): Need | undefined {
  return documented.get(route.replace(/^HEAD/, 'GET')) ?? (isOpenPage(route) ? 'nothing' : undefined);
}

async function statusOf(route: string, headers: Headers): Promise<number> {
  const [method, path = ''] = route.split(' ') as [Method, string];
  const url = path
    .replace(':id', '00000000-0000-4000-8000-000000000000')
    .replace('*', 'index.css')
    .replace(':file', 'none.js');
  const body = ['POST', 'PATCH', 'PUT'].includes(method) ? { body: {} } : {};
  return (await admin.call(method, url, { ...body, headers })).status;
}

const isChange = (route: string): boolean => !/^(GET|HEAD) /.test(route);

describe('every route that the running server has', () => {
  it('declares what it needs', () => {
    const routes = routesOf(admin.app);
    expect(routes.length).toBeGreaterThan(60);
    expect(routes.filter((route) => !NEEDS.includes(needOf(route) as Need))).toEqual([]);
    const found = new Set(routes);
    expect([...documented.keys()].filter((route) => !found.has(route))).toEqual([]);
  });

  it.each(WITHOUT_CREDENTIALS)('refuses %s unless it needs nothing', async (_what, headers, refused) => {
    for (const route of routesOf(admin.app)) {
      const status = await statusOf(route, headers);
      if (needOf(route) === 'nothing') expect([status, route]).not.toEqual([refused, route]);
      else expect([status, route]).toEqual([refused, route]);
    }
  });

  it('refuses a token without admin:* unless it needs nothing', async () => {
    const headers = await admin.programWith(['encode', 'rank', 'models:read']);
    for (const route of routesOf(admin.app).filter((one) => needOf(one) !== 'nothing')) {
      expect([await statusOf(route, headers), route]).toEqual([403, route]);
    }
  });

  it.each(ACCOUNT_ROLES)('lets in the role %s exactly where the role has what it needs', async (role) => {
    for (const route of routesOf(admin.app)) {
      if (route === 'DELETE /api/session') continue; // logs out; session.spec.ts has it
      const need = needOf(route);
      const isAllowed = need === 'nothing' || need === 'caller' || need === 'session';
      const isLetIn = isAllowed || ROLE_PERMISSIONS[role].some((permission) => permission === need);
      const status = await statusOf(route, await admin.browserOf(accounts.get(role)!));
      expect([status === 403, route]).toEqual([!isLetIn, route]);
      // Neither a provider nor an inference API is there to be asked.
      expect([status < 500 || /oidc|playground/.test(route), route]).toEqual([true, route]);
    }
  });

  it('refuses changes of a session from another site, or without its CSRF token', async () => {
    for (const route of routesOf(admin.app).filter(isChange)) {
      const { 'x-csrf-token': _, ...browser } = await admin.browserOf(accounts.get('owner')!);
      const foreign = { ...(await admin.browserOf(accounts.get('owner')!)), origin: 'https://evil.example' };
      expect([await statusOf(route, foreign), route]).toEqual([403, route]);
      if (needOf(route) !== 'nothing') expect([await statusOf(route, browser), route]).toEqual([403, route]);
    }
  });
});

@Controller('forgotten')
class Forgotten {
  @Get('undeclared')
  undeclared(): string {
    return 'secret';
  }

  @Get('open')
  @Needs('nothing')
  open(): string {
    return 'for all';
  }
}

describe('a route that does not declare what it needs', () => {
  it('is refused to everybody by the guard', async () => {
    const parts = { services: admin.services, cookies: new Cookies(true), address: new PublicAddress(undefined) };
    class WithForgotten {}
    Module({ imports: [AdminModule.forRoot(parts)], controllers: [Forgotten] })(WithForgotten);
    const app = await NestFactory.create<NestFastifyApplication>(WithForgotten, new FastifyAdapter(), {
      logger: false,
    });
    app.useGlobalFilters(new ErrorFilter());
    await app.init();
    const asOwner = await admin.browserOf(accounts.get('owner')!);
    for (const headers of [{}, asOwner, await admin.programWith(['admin:*'])]) {
      const refused = await app.inject({ url: '/forgotten/undeclared', headers });
      expect([refused.statusCode, refused.json().error.code]).toEqual([500, 'internal']);
      expect((await app.inject({ url: '/forgotten/open', headers })).statusCode).toBe(200);
    }
    await app.close();
  });

  it('ends the start of the server, also where no guard would see it', () => {
    const server = fastify();
    checkRoutes(server);
    expect(() => server.get('/forgotten', () => 'secret')).toThrow('GET /forgotten does not declare');
    expect(() => server.post('/docs', () => 'secret')).toThrow('POST /docs does not declare');
    expect(() => server.get('/open', { config: OPEN_ROUTE }, () => 'for all')).not.toThrow();
  });
});
