import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startServer } from '../support/server.js';
import { CasCommand } from './support/cas-command.js';

it('cas config shows the settings in force and where each came from, on the host and through an admin API', async () => {
  using cas = new CasCommand();
  const env = { CAS_DATA_DIR: cas.dataDir, CAS_HUB_TOKEN: 'planted-hub-token', CAS_REPLICAS: '1' };
  writeFileSync(join(cas.folder, 'other.yml'), 'batch_items_max: 16\n');
  const here = { env: { ...env, CAS_CONFIG: join(cas.folder, 'other.yml') } };
  expect(await cas.json(['config', 'batch-items'], here)).toEqual({
    settings: [
      expect.objectContaining({
        ...{ name: 'CAS_BATCH_ITEMS_MAX', value: '16', default: '32', source: 'file' },
        from: 'batch_items_max in other.yml, line 1',
      }),
    ],
  });
  const { stdout } = await cas.run(['config', '--changed'], here);
  expect(stdout).toMatch(/^SETTING +VALUE +FROM$/m);
  expect(stdout).toMatch(/^CAS_HUB_TOKEN +\(set, not shown\) +CAS_HUB_TOKEN$/m);
  expect(stdout).not.toContain('planted');
  expect(stdout).not.toContain('CAS_RUN_MS_MAX');

  await using server = await startServer({ env: { CAS_AUTH: 'required', ...env }, args: ['--batch-items-max', '8'] });
  const token = (await cas.run(['auth', 'token', 'create', 'ops', '--scope', 'admin:*'])).stdout.trim();
  const remote = { env: { CAS_CLI_URL: server.admin(''), CAS_CLI_TOKEN: token } };
  const { settings } = await cas.json(['config', '--changed'], remote);
  expect(settings).toContainEqual(
    expect.objectContaining({ name: 'CAS_BATCH_ITEMS_MAX', value: '8', source: 'argument', from: '--batch-items-max' }),
  );
  expect(JSON.stringify(settings)).not.toContain('planted');
});
