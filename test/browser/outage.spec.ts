import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { startServer } from '../support/server.js';
import { freePort } from '../support/free-port.js';
import { ConsoleUnderTest } from './support/console-under-test.js';

it('an open page says that the server is away, and goes on by itself when it is back', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cas-data-'));
  const env = { CAS_DATA_DIR: dataDir, CAS_ADMIN_PORT: String(await freePort()) };
  const first = await startServer({ app: 'admin', env });
  const tested = await ConsoleUnderTest.open({ server: first });
  try {
    const page = await tested.page('/', { as: await tested.setUp() });
    await first.stop('SIGKILL');
    await page.getByText('The server does not answer.').waitFor();
    await using _second = await startServer({ app: 'admin', env });
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('heading', { name: 'Tokens', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Olga, owner: account menu' }).waitFor();
  } finally {
    await tested[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
