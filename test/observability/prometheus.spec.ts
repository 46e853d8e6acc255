import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GROUPS } from '../../k8s/monitoring/source/files.js';
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
  const env = {
    CAS_ALLOW_PRIVATE_FETCH: 'true',
    CAS_CACHE_BYTES_MAX: '16MiB',
    CAS_TRACE_MEMORY_COUNT_MAX: '4',
    ...itemsMax,
  };
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
  it.for(panels.filter(({ needs }) => needs !== 'gpu'))('has data: $row, $title, $legend', async ({ expr }) => {
    const values = (await prometheus.query(withChoices(expr))).map(({ value }) => value);
    expect(values.filter(Number.isFinite)).not.toEqual([]);
  });

  it.for(panels.filter(({ needs }) => needs === 'gpu'))(
    'asks for what the service has where there is a card: $row, $title, $legend',
    async ({ expr }) => {
      expect(await prometheus.query(withChoices(expr))).toEqual([]);
      expect(await unknownMetrics(expr)).toEqual([]);
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

  it('find the bucket of a second, which the promise of latency is about', async () => {
    const quick = await prometheus.query('sum(clip_request_duration_seconds_bucket{le=~"1|1[.]0"})');
    const all = await prometheus.query('sum(clip_request_duration_seconds_count)');
    expect(quick[0]!.value).toBeGreaterThan(all[0]!.value / 2);
  });

  it('count what the service failed, and not what its callers did wrong', async () => {
    const ratio = 'job:clip_requests_failed:ratio_rate5m';
    await eventually('the share is recorded', async () => (await prometheus.query(ratio)).length > 0);
    const [failed] = await prometheus.query(ratio);
    const [notOk] = await prometheus.query(
      'sum(rate(clip_requests_total{outcome!="ok"}[5m])) / sum(rate(clip_requests_total[5m]))',
    );
    expect(failed!.value).toBeGreaterThan(0);
    expect(failed!.value).toBeLessThan(notOk!.value);
  });

  it('look at nothing that the service does not have', async () => {
    const exprs = GROUPS.flatMap(({ rules }) => rules.map(({ expr }) => expr));
    expect(await unknownMetrics(exprs.join())).toEqual([]);
  });
});

/** The names of our metrics in `expr` that the service does not know, whether it has values of them or not. */
async function unknownMetrics(expr: string): Promise<string[]> {
  const { text } = await call(server.ops('/metrics'));
  const known = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
  const named = [...expr.matchAll(/(?<![\w:])(?:clip|nodejs|process)_\w+/g)].map(([name]) => name);
  return named.filter((name) => !known.has(name) && !known.has(name.replace(/_(bucket|count|sum)$/, '')));
}

function withChoices(expr: string): string {
  return expr.replace(/\$(\w+)/g, (_, name: string) => {
    const value = CHOICES[name];
    if (value === undefined) throw new Error(`Nothing is known of the variable ${name}.`);
    return value;
  });
}
