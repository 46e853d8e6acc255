import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { stringify } from 'yaml';
import { eventually } from '../e2e/support/server-process.js';
import { freePort } from './free-port.js';

/**
 * Whether tests that need `prometheus` and `promtool` can run: `it.skipIf(!prometheusAvailable)`. With CI set it is
 * always true, so that they fail there instead of being skipped when there is none.
 */
export const prometheusAvailable = process.env['CI'] !== undefined || isOnPath('promtool');

/** What Prometheus scrapes: a service by its name, and the `HOST:PORT` of its pods' ops ports. */
export interface Scraped {
  readonly job: string;
  readonly targets: readonly string[];
}

/** A sample that a query answered with. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A rule as Prometheus tells of it. */
export interface RuleHealth {
  readonly name: string;
  /** `ok`, `err` or `unknown`, before its first evaluation. */
  readonly health: string;
  readonly lastError?: string;
}

/** A real Prometheus on loopback that scrapes every second, with a folder of its own. */
export class TestPrometheus implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly url: string,
    private readonly targetCount: number,
  ) {}

  static async start({
    jobs,
    rules = [],
  }: {
    jobs: readonly Scraped[];
    rules?: readonly string[];
  }): Promise<TestPrometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'cas-prometheus-'));
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: rules,
      scrape_configs: jobs.map(({ job, targets }) => ({ job_name: job, static_configs: [{ targets }] })),
    };
    writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=${address}`];
    const child = spawn('prometheus', args, { cwd: folder, stdio: 'ignore' });
    const prometheus = new TestPrometheus(
      child,
      folder,
      `http://${address}`,
      jobs.flatMap(({ targets }) => targets).length,
    );
    process.once('exit', prometheus.killWithUs);
    await eventually('Prometheus is ready', async () => {
      const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
      return answer?.ok ?? false;
    });
    return prometheus;
  }

  /** What an instant query answers with, now; rejects with its error when it is not valid. */
  async query(expr: string): Promise<Sample[]> {
    const { result } = await this.ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
      'query',
      { query: expr },
    );
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** Every rule, and whether it could be evaluated. */
  async rules(): Promise<RuleHealth[]> {
    const { groups } = await this.ask<{ groups: { rules: RuleHealth[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  /** Resolves when every target was scraped once more, from its begin, after now; rejects when one cannot be. */
  async scrapedAgain(): Promise<void> {
    const nowS = Date.now() / 1000;
    await eventually('Prometheus scrapes every target', async () => {
      const up = await this.query('timestamp(up) and on (instance) (up == 1)');
      // A target that was never scraped has no `up` at all.
      return up.length === this.targetCount && up.every(({ value }) => value > nowS);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.killWithUs);
    const ended = once(this.child, 'close');
    this.child.kill();
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private readonly killWithUs = (): void => void this.child.kill('SIGKILL');

  private async ask<Data>(path: string, parameters: Record<string, string> = {}): Promise<Data> {
    const answer = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { data, error } = (await answer.json()) as { data: Data; error?: string };
    if (error !== undefined) throw new Error(`${error} (${JSON.stringify(parameters)})`);
    return data;
  }
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
