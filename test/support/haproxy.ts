import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { freePort } from './free-port.js';
import { repositoryRoot } from './server.js';

const PROGRAM = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((file) => existsSync(file));

/** Whether tests behind a proxy can run; always with CI set, so that they fail there instead of being skipped. */
export const haproxyAvailable = process.env['CI'] !== undefined || PROGRAM !== undefined;

/** The ports of one process that serves. */
export interface Upstream {
  port: number;
  opsPort: number;
}

/** HAProxy with the configuration of docs/operations.md, before processes of loopback. */
export class HaProxy implements AsyncDisposable {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcessByStdio<null, null, Readable>,
    readonly port: number,
    private readonly output: () => string,
  ) {}

  /** The upstreams are `pod-1` and so on; they need not be there yet. */
  static async before(upstreams: readonly Upstream[]): Promise<HaProxy> {
    if (PROGRAM === undefined) throw new Error('No HAProxy here: install the package haproxy.');
    const folder = mkdtempSync(join(tmpdir(), 'cas-haproxy-'));
    const port = await freePort();
    writeFileSync(join(folder, 'haproxy.cfg'), configuration(folder, port, upstreams));
    const child = spawn(PROGRAM, ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    const proxy = new HaProxy(folder, child, port, () => output);
    await proxy.listens();
    return proxy;
  }

  get target(): string {
    return `127.0.0.1:${this.port}`;
  }

  http(path = '/'): string {
    return `http://${this.target}${path}`;
  }

  ws(path = '/'): string {
    return `ws://${this.target}${path}`;
  }

  /** A command of HAProxy's runtime API, such as `set server clip/pod-1 state drain`; what it answers. */
  command(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(join(this.folder, 'admin.sock'));
      let text = '';
      socket.on('data', (data: Buffer) => (text += data.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
      socket.end(`${line}\n`);
    });
  }

  /** What the proxy holds of a server: `UP`, `DOWN`, `DRAIN` and the like. */
  async stateOf(name: string): Promise<string> {
    const rows = (await this.command('show stat')).split('\n').map((row) => row.split(','));
    const column = rows[0]?.indexOf('status') ?? -1;
    return rows.find(([backend, server]) => backend === 'clip' && server === name)?.[column] ?? 'unknown';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async listens(): Promise<void> {
    for (let attempt = 0; !existsSync(join(this.folder, 'admin.sock')); attempt += 1) {
      if (this.child.exitCode !== null || attempt > 400) throw new Error(`HAProxy does not start: ${this.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** The page's own block; only addresses are replaced. */
function configuration(folder: string, port: number, upstreams: readonly Upstream[]): string {
  const page = readFileSync(join(repositoryRoot, 'docs', 'operations.md'), 'utf8');
  const block = /^```haproxy\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '';
  const servers = upstreams.map((at, index) => `  server pod-${index + 1} 127.0.0.1:${at.port} port ${at.opsPort}`);
  return `${block
    .replace('/run/haproxy/admin.sock', join(folder, 'admin.sock'))
    .replace('bind 0.0.0.0:51000', `bind 127.0.0.1:${port}`)
    .replace(/^ {2}server .*\n/gm, '')}${servers.join('\n')}\n`;
}
