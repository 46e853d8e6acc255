import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { eventually } from '../e2e/support/server-process.js';
import { freePort } from './free-port.js';
import { repositoryRoot } from './server.js';

const BUILT = join(repositoryRoot, '.cache/jaeger/jaeger');

/**
 * Whether tests that need Jaeger can run: it is built, or there is Go to build it with. With CI set it is always true,
 * so that they fail there instead of being skipped when there is none.
 */
export const jaegerAvailable =
  process.env['CI'] !== undefined || existsSync(BUILT) || hasGo() || existsSync('/usr/local/go/bin/go');

/** A span as Jaeger's API has it; times in microseconds. */
export interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references: { refType: 'CHILD_OF' | 'FOLLOWS_FROM'; traceID: string; spanID: string }[];
  startTime: number;
  duration: number;
  tags: { key: string; value: string | number | boolean }[];
  processID: string;
}

/** A trace as Jaeger's API has it. */
export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, { serviceName: string; tags: { key: string; value: string }[] }>;
}

/** The span above, or undefined; a link to another trace is no parent. */
export function parentOf({ references, traceID }: JaegerSpan): string | undefined {
  return references.find((one) => one.refType === 'CHILD_OF' && one.traceID === traceID)?.spanID;
}

/** The spans that a span links, which Jaeger shows as what it follows from. */
export function linksOf({ references }: JaegerSpan): { traceID: string; spanID: string }[] {
  return references
    .filter(({ refType }) => refType === 'FOLLOWS_FROM')
    .map(({ traceID, spanID }) => ({ traceID, spanID }));
}

/** An attribute of a span, or undefined. */
export function tagOf({ tags }: JaegerSpan, name: string): string | number | boolean | undefined {
  return tags.find(({ key }) => key === name)?.value;
}

/** A real Jaeger on loopback that keeps traces in memory. */
export class TestJaeger implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    /** Where OTLP is taken by gRPC. */
    readonly grpcEndpoint: string,
    /** Where OTLP is taken by HTTP, in either encoding; the path `/v1/traces` comes after it. */
    readonly httpEndpoint: string,
    private readonly api: string,
  ) {}

  /** Builds it first where that was not done yet, which takes minutes. */
  static async start(): Promise<TestJaeger> {
    await promisify(execFile)(process.execPath, [join(repositoryRoot, 'tools/jaeger.mjs')]);
    const ports = await Promise.all(Array.from({ length: 7 }, freePort));
    const [grpc, http, api, ...others] = ports.map((port) => `127.0.0.1:${port}`);
    const args = [
      ...['--collector.otlp.enabled=true', `--collector.otlp.grpc.host-port=${grpc}`],
      ...[`--collector.otlp.http.host-port=${http}`, `--query.http-server.host-port=${api}`],
      ...[`--query.grpc-server.host-port=${others[0]}`, `--collector.grpc-server.host-port=${others[1]}`],
      ...[`--collector.http-server.host-port=${others[2]}`, `--admin.http.host-port=${others[3]}`],
    ];
    const env = { PATH: process.env['PATH'], OTEL_TRACES_SAMPLER: 'always_off' };
    const child = spawn(BUILT, args, { stdio: 'ignore', env });
    const jaeger = new TestJaeger(child, `http://${grpc}`, `http://${http}`, `http://${api}`);
    process.once('exit', jaeger.killWithUs);
    await eventually('Jaeger answers', async () => {
      const answer = await fetch(`http://${api}/api/services`).catch(() => undefined);
      return answer?.ok ?? false;
    });
    return jaeger;
  }

  /** The trace as it is now; undefined where no span of it has come. */
  async trace(traceId: string): Promise<JaegerTrace | undefined> {
    const answer = await fetch(`${this.api}/api/traces/${traceId}`);
    if (answer.status === 404) return undefined;
    const { data } = (await answer.json()) as { data: JaegerTrace[] };
    return data[0];
  }

  /** Waits for a trace that is as `holds` says. */
  async traceThat(traceId: string, holds: (trace: JaegerTrace) => boolean): Promise<JaegerTrace> {
    let found: JaegerTrace | undefined;
    await eventually(`the trace ${traceId} is complete`, async () => {
      found = await this.trace(traceId);
      return found !== undefined && holds(found);
    });
    return found!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.killWithUs);
    const ended = once(this.child, 'close');
    this.child.kill();
    await ended;
  }

  private readonly killWithUs = (): void => void this.child.kill('SIGKILL');
}

function hasGo(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'go')));
}
