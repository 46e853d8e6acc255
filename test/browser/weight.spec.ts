import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConsoleUnderTest } from './support/console-under-test.js';

/** Most bytes of JavaScript, gzipped, that the first page asks for. */
const FIRST_LOAD_BYTES_MAX = 300_000;

let tested: ConsoleUnderTest;

beforeAll(async () => {
  tested = await ConsoleUnderTest.open();
});

afterAll(() => tested?.[Symbol.asyncDispose]());

it('the first page is light, and pages come as chunks of their own', async () => {
  const page = await tested.page('/login', { as: await tested.setUp() });
  const scripts: string[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.url());
  });
  await page.goto('/', { waitUntil: 'load' });
  await page.getByRole('heading', { level: 1 }).waitFor();
  const sizes = await Promise.all(
    [...new Set(scripts)].map(async (url) => gzipSync(await (await fetch(url)).text(), { level: 9 }).length),
  );
  expect(scripts.length).toBeGreaterThan(1);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX);
});
