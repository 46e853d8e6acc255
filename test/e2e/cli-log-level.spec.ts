import { expect, it } from 'vitest';
import { startServer } from '../support/server.js';
import { CasCommand } from './support/cas-command.js';

it('cas log-level changes what a running service logs, on its host and through its admin API', async () => {
  using cas = new CasCommand();
  await using server = await startServer({ env: { CAS_AUTH: 'required', CAS_DATA_DIR: cas.dataDir } });
  const hears = (level: string) => server.logged(({ logLevel }) => logLevel === level);
  expect(await cas.json(['log-level'])).toEqual({ level: null, until: null });
  expect(await cas.json(['log-level', 'debug', '--for', '1h'])).toEqual({ level: 'debug', until: expect.any(String) });
  await hears('debug');

  const token = (await cas.run(['auth', 'token', 'create', 'ops', '--scope', 'admin:*'])).stdout.trim();
  const remote = { env: { CAS_CLI_URL: server.admin(''), CAS_CLI_TOKEN: token } };
  expect(await cas.json(['log-level'], remote)).toMatchObject({ level: 'debug' });
  expect(await cas.json(['log-level', 'trace'], remote)).toMatchObject({ level: 'trace' });
  await hears('trace');
  expect((await cas.run(['log-level', 'settings'], remote)).stdout).toBe('Every process logs as its settings say.\n');
  await hears('info');

  for (const wrong of [['loud'], ['debug', '--for', '25h'], ['debug', '--for', '0']]) {
    expect((await cas.failure(['log-level', ...wrong])).code, wrong.join(' ')).toBe(2);
  }
});
