import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { documentedStarts } from '../support/documented-starts.js';
import { postgresAvailable, startPostgres } from '../support/postgres.js';
import { startServer, type RunningServer } from '../support/server.js';
import { ConsoleUnderTest } from './support/console-under-test.js';
import type { Person } from './support/person.js';

const START_MS_MAX = 180_000;
const SEEN_WITHIN_MS = 30_000;

/** As docs/operations.md starts them, with addresses of this machine. */
const [serverStart, adminStart, ...others] = documentedStarts('docs/operations.md');

describe.skipIf(!postgresAvailable)('the console of an admin app on its own, beside two servers', () => {
  const started = new AsyncDisposableStack();
  let servers: RunningServer[];
  let tested: ConsoleUnderTest;
  let owner: Person;

  beforeAll(async () => {
    expect([serverStart?.app, adminStart?.app, others]).toEqual(['server', 'admin', []]);
    const postgres = await startPostgres();
    started.defer(() => postgres.dispose());
    const shared = { CAS_DATABASE_URL: await postgres.createDatabase() };
    const env = { ...shared, ...serverStart?.env, CAS_HOST: '127.0.0.1' };
    servers = await Promise.all([1, 2].map(() => startServer({ app: 'server', env })));
    for (const server of servers) started.use(server);
    const inferenceUrl = servers[1]?.http('').replace(/\/$/, '');
    const ofAdmin = { ...adminStart?.env, CAS_INFERENCE_URL: inferenceUrl, CAS_ADMIN_URL: undefined };
    const admin = started.use(await startServer({ app: 'admin', env: { ...shared, ...ofAdmin } }));
    tested = started.use(await ConsoleUnderTest.open({ server: admin }));
    owner = await tested.setUp();
  }, START_MS_MAX);

  afterEach(async () => {
    await tested.closePages();
    expect(tested.problems.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    for (const server of servers ?? []) server.kill('SIGCONT');
    await started.disposeAsync();
  });

  it(
    'says which pod is silent and why, shows the rest, and has it back by itself',
    { timeout: START_MS_MAX },
    async () => {
      const replicas = await tested.page('/replicas', { as: owner });
      await replicas.getByText('2 pods serve models, 2 of 2 replicas are ready.').waitFor({ timeout: SEEN_WITHIN_MS });
      const overview = await tested.page('/', { as: owner });
      servers[0]?.kill('SIGSTOP');
      await replicas.getByText(/^It has not reported since 20\d\d-/).waitFor({ timeout: SEEN_WITHIN_MS });
      await replicas.getByText('2 pods serve models, 1 of 1 replicas are ready, 1 pod does not answer.').waitFor();
      await overview.getByText(/ does not answer\.$/).waitFor({ timeout: SEEN_WITHIN_MS });
      await overview.getByText('What they have done since their last report is missing in all figures.').waitFor();
      // All else works: here a call of a model, by way of the server that answers.
      await owner.call('POST', '/api/playground/embed', { input: 'a cat' });
      servers[0]?.kill('SIGCONT');
      await replicas.getByText('2 pods serve models, 2 of 2 replicas are ready.').waitFor({ timeout: SEEN_WITHIN_MS });
      await overview.getByText(/ does not answer\.$/).waitFor({ state: 'detached', timeout: SEEN_WITHIN_MS });
    },
  );

  it('shows a member its own requests, and nobody else’s figures', { timeout: START_MS_MAX }, async () => {
    const member = await tested.account(owner, 'Mara', 'member');
    const page = await tested.page('/', { as: member });
    await page.getByText('No request in this time').waitFor();
    await member.call('POST', '/api/playground/embed', { input: 'a dog' });
    await page.getByRole('figure', { name: 'Requests an hour' }).waitFor({ timeout: SEEN_WITHIN_MS });
    expect(await page.getByRole('figure', { name: 'Traffic a minute' }).count()).toBe(0);
  });
});
