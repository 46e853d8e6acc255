import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROWS } from '../../k8s/monitoring/source/rows.js';
import { picture } from '../e2e/support/fixtures.js';
import { call } from '../e2e/support/http-call.js';
import { ImageHost } from '../e2e/support/image-host.js';
import { eventually } from '../e2e/support/server-process.js';
import { makeServerCertificate, type ServerCertificate } from '../support/certificates.js';
import { prometheusAvailable, TestPrometheus } from '../support/prometheus.js';
import { repositoryRoot, type RunningServer, startServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { killReplicas, overfillQueue, sendTraffic } from './support/traffic.js';

// The dashboard and the rules on a real Prometheus that scrapes real services: one that is open and busy, and one that
// speaks TLS and asks for tokens.

const QUEUE_ITEMS_MAX = 64;

/** What Grafana would put into a query. */
const CHOICES: Readonly<Record<string, string>> = { job: '.*', instance: '.*', model: '.*', __rate_interval: '1m' };

/** Panels of metrics that are not fed yet. */
const UNFED = [
  'Requests under way',
  'Time to the first byte, p95',
  'Traces kept and why',
  'Traces and log lines let go',
  'Audit trail',
  'Certificate ends in',
  'Fetches',
  'Duration of fetches, p95',
  'Fetches refused',
  'Room on disk',
];

const panels = ROWS.flatMap((row) =>
  row.panels.flatMap(({ title, needs, queries }) =>
    queries.map(({ expr, legend }) => ({ row: row.title, title, needs, expr, legend })),
  ),
);

const started = new AsyncDisposableStack();
let server: RunningServer;
let guarded: RunningServer;
let certificate: ServerCertificate;
let prometheus: TestPrometheus;

beforeAll(async () => {
  if (!prometheusAvailable) return;
  const host = started.use(await ImageHost.serving(picture('count-1.png')));
  const desk = started.use(await TokenDesk.open());
  certificate = makeServerCertificate();
  const itemsMax = { CAS_QUEUE_ITEMS_MAX: `${QUEUE_ITEMS_MAX}`, CAS_REQUEST_ITEMS_MAX: `${QUEUE_ITEMS_MAX}` };
  const env = { CAS_ALLOW_PRIVATE_FETCH: 'true', CAS_CACHE_BYTES_MAX: '16MiB', ...itemsMax };
  [server, guarded] = await Promise.all([
    startServer({ env }),
    startServer({ tls: certificate, env: { ...desk.env, CAS_AUTH: 'required' } }),
  ]);
  started.use(server);
  started.use(guarded);
  prometheus = started.use(
    await TestPrometheus.start({
      jobs: [{ job: 'clip', targets: [server, guarded].map(({ opsPort }) => `127.0.0.1:${opsPort}`) }],
      rules: [join(repositoryRoot, 'k8s/monitoring/rules.yml')],
    }),
  );
  // Twice, with a scrape between: a rate is a difference.
  for (let round = 0; round < 2; round++) {
    await sendTraffic(server, host.url);
    await overfillQueue(server, QUEUE_ITEMS_MAX);
    await killReplicas(server);
    await callWithoutToken();
    await prometheus.scrapedAgain();
  }
});

afterAll(async () => {
  await started.disposeAsync();
  certificate?.remove();
});

async function callWithoutToken(): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ input: 'a cat' });
  await call(guarded.http('/v1/embeddings'), { body, headers, authority: certificate.authority });
}

describe.skipIf(!prometheusAvailable)('the dashboard', () => {
  it.for(panels.filter(({ needs, title }) => needs !== 'gpu' && !UNFED.includes(title)))(
    'has data: $row, $title, $legend',
    async ({ expr }) => {
      const values = (await prometheus.query(withChoices(expr))).map(({ value }) => value);
      expect(values.filter(Number.isFinite)).not.toEqual([]);
    },
  );

  it.for(panels.filter(({ needs }) => needs === 'gpu'))(
    'is read by Prometheus: $row, $title, $legend',
    async (panel) => {
      await expect(prometheus.query(withChoices(panel.expr))).resolves.toEqual(expect.any(Array));
    },
  );
});

describe.skipIf(!prometheusAvailable)('the rules', () => {
  it('are all evaluated', async () => {
    await eventually('every rule was evaluated', async () =>
      (await prometheus.rules()).every((rule) => rule.health === 'ok'),
    );
    expect((await prometheus.rules()).length).toBeGreaterThan(20);
  });
});

function withChoices(expr: string): string {
  return expr.replace(/\$(\w+)/g, (_, name: string) => {
    const value = CHOICES[name];
    if (value === undefined) throw new Error(`Nothing is known of the variable ${name}.`);
    return value;
  });
}
