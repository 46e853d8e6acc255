import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { CasCommand } from './support/cas-command.js';
import { ModelAdmin } from './support/model-admin.js';

const MINI = { name: 'mini-clip', replicas: 1, devices: ['cpu'], isDefault: true };

let server: RunningServer;
let admin: ModelAdmin;
let cas: CasCommand;

beforeAll(async () => {
  server = await startServer();
  admin = await ModelAdmin.of(server);
  cas = new CasCommand();
  const login = ['auth', 'login', server.admin(''), '--email', 'ann@example.com', '--password-stdin'];
  await cas.json(login, { input: 'tidal lantern forty-two\n' });
});

afterAll(async () => {
  cas[Symbol.dispose]();
  await server.stop();
});

it('shows the plan, and the differences of versions, in the very sentences of the admin API', async () => {
  const models = [{ ...MINI, replicas: 2, batchItemsMax: 8 }];
  writeFileSync(join(cas.folder, 'models.json'), JSON.stringify({ models, note: 'two' }));
  const planned = await admin.plan(models);
  expect(planned.length).toBeGreaterThan(2);
  const { stdout } = await cas.run(['models', 'plan', 'models.json']);
  expect(stdout).toBe(`${planned.join('\n')}\n`);
  expect(await cas.json(['models', 'plan', 'models.json'])).toEqual({ steps: planned, warnings: [] });

  const { version, undoVersion } = (await cas.json(['models', 'apply', 'models.json'])) as Record<string, number>;
  expect([version, undoVersion]).toEqual([2, 1]);
  const answer = await admin.send('GET', '/api/models/versions/1/diff/2');
  const differences = answer.json<{ differences: { text: string }[] }>().differences.map(({ text }) => text);
  expect(await cas.json(['models', 'diff', '1', '2'])).toEqual({ differences });
  expect(differences[0]).toBe('mini-clip has 2 replicas on cpu instead of 1 replica on cpu.');
  const back = await cas.run(['models', 'rollback', '1']);
  expect(back.stdout).toMatch(/^Version 3 is in force\.\n(.*\n)*To undo it: cas models rollback 2\n$/);
});

it('plans on the host as an admin app alone does, from the version in force', async () => {
  using host = new CasCommand();
  const file = join(host.folder, 'models.json');
  const env = { CAS_MODEL_DIR: join(process.cwd(), 'models') };
  writeFileSync(file, JSON.stringify({ models: [MINI] }));
  const { stdout } = await host.run(['models', 'plan', 'models.json'], { env });
  expect(stdout).toContain('Start mini-clip with 1 replica on cpu, and serve it when all are ready.');
  writeFileSync(file, JSON.stringify({ models: [{ ...MINI, device: 'cpu' }] }));
  const { said } = await host.failure(['models', 'plan', 'models.json'], { env });
  expect(said).toContain('is not a list of models at models.0');
});
