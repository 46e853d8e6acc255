import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLIENT, providerOf, type Person } from '../../libs/auth/src/testing/oidc-provider.js';
import { ConsoleUnderTest } from './support/console-under-test.js';

const PEOPLE = new Map<string, Person>([
  ['mia', { email: 'mia@example.com', email_verified: true, name: 'Mia' }],
  ['eve', { email: 'eve@elsewhere.example', email_verified: true, name: 'Eve' }],
]);

let provider: Server;
let tested: ConsoleUnderTest;

beforeAll(async () => {
  provider = createServer();
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  tested = await ConsoleUnderTest.open({
    env: {
      CAS_OIDC_ISSUER: issuer,
      CAS_OIDC_CLIENT_ID: CLIENT.clientId,
      CAS_OIDC_CLIENT_SECRET: CLIENT.clientSecret,
      CAS_OIDC_DOMAINS: 'example.com',
    },
  });
  const handle = providerOf(issuer, PEOPLE, tested.url('/api/oidc/callback')).callback();
  provider.on('request', (req, res) => void handle(req, res));
  await tested.setUp();
});

afterAll(async () => {
  await tested?.[Symbol.asyncDispose]();
  provider?.closeAllConnections();
  provider?.close();
});

/** Begins at a page of the console, and tells the provider who it is. */
async function signOn(subject: string) {
  const page = await tested.page('/tokens');
  await page.getByRole('link', { name: /^Log in with/ }).click();
  await page.locator('input[name="login"]').fill(subject);
  await page.locator('input[name="password"]').fill('any');
  await page.locator('button[type="submit"]').click();
  return page;
}

it('leads by the provider to the page that the person wanted to see', async () => {
  const page = await signOn('mia');
  await page.locator('button[type="submit"]').click(); // the provider asks for consent
  await page.getByRole('heading', { name: 'Tokens', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/tokens');
  await page.getByRole('button', { name: 'Mia, member: account menu' }).waitFor();
});

it('tells who is not let in what to do', async () => {
  const page = await signOn('eve');
  await page.locator('button[type="submit"]').click();
  await page.getByText('Single sign-on did not let you in.').waitFor();
  expect(tested.problems.filter((problem) => problem.startsWith(tested.url('/')))).toEqual([]);
});
