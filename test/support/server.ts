import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { ServerCertificate } from './certificates.js';

/** The repository's root: test files run from sources, so this file's place says where it is. */
export const repositoryRoot = resolve(import.meta.dirname, '../..');

/** The processes that can be started. */
export type AppName = 'standalone' | 'server' | 'admin';

/** As tools/service-flags.mjs says. */
const NODE_FLAGS = ['--max-semi-space-size=8'];
const READY_WITHIN_MS = 60_000;
const EXIT_WITHIN_MS = 30_000;
const LINES_KEPT_MAX = 2_000;
const LINES_TOLD = 40;

/** One line of the server's JSON log. */
export type LogLine = Record<string, unknown>;

export interface ServerOptions {
  /**
   * Settings on top of the defaults of tests (free ports on loopback, JSON log, a data folder of its own); `undefined`
   * unsets one.
   */
  env?: Record<string, string | undefined>;
  /** Which of the apps; default the one that holds all. */
  app?: AppName;
  /** Serve TLS with this certificate; plain text without it. */
  tls?: ServerCertificate;
  /** Command-line arguments after the entry file. */
  args?: readonly string[];
  /** What a start waits for: that the service is ready, or that its ports are open and the model loads. */
  until?: 'ready' | 'loading';
}

export interface ServerExit {
  /** Exit status; null when a signal ended the process. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

type ServerProcess = ChildProcessByStdio<null, Readable, Readable>;

/**
 * A real server in a process of its own, as an operator would start it. Every test gets its own ports, so suites never
 * fight over one. `await using server = await startServer()` stops it at the end of the block.
 */
export class RunningServer implements AsyncDisposable {
  readonly host = '127.0.0.1';

  constructor(
    private readonly child: ServerProcess,
    private readonly output: ServerOutput,
    /** Where gRPC, HTTP and WebSocket are answered. */
    readonly port: number,
    /** Where health and metrics are answered. */
    readonly opsPort: number,
    private readonly tls: boolean,
    /** Where the admin API is answered; 0 where the process has none. */
    readonly adminPort: number,
    /** Where the process keeps its database, unless the test gave another place. */
    readonly dataDir: string,
  ) {}

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** `http://127.0.0.1:PORT/path`, with `https` when the server speaks TLS. */
  http(path = '/'): string {
    return this.address('http', path);
  }

  /** `ws://127.0.0.1:PORT/path`, with `wss` when the server speaks TLS. */
  ws(path = '/'): string {
    return this.address('ws', path);
  }

  /** `127.0.0.1:PORT`, what a gRPC client takes. */
  get target(): string {
    return `${this.host}:${this.port}`;
  }

  /** `http://127.0.0.1:PORT/path` of the ops port, which speaks TLS only where a test says so. */
  ops(path: string): string {
    return `http://${this.host}:${this.opsPort}${path}`;
  }

  /** `http://127.0.0.1:PORT/path` of the admin API, with `https` when the server speaks TLS. */
  admin(path = '/'): string {
    return `http${this.tls ? 's' : ''}://${this.host}:${this.adminPort}${path}`;
  }

  /** The lines logged until now, as JSON; lines that are not JSON are left out. */
  logs(): readonly LogLine[] {
    return this.output.json;
  }

  /** All that was written until now to stdout and stderr, for the message of a failed test. */
  text(): string {
    return this.output.lines.join('\n');
  }

  /** Resolves with the first line, past or future, that `matches`; rejects when the process ends before one came. */
  async logged(matches: (line: LogLine) => boolean): Promise<LogLine> {
    return this.output.first(matches);
  }

  /** Sends `signal` without waiting. */
  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves when the process has ended, however it came. */
  exited(): Promise<ServerExit> {
    return this.output.exit;
  }

  /** SIGTERM, then the exit; a server that does not end within 30 s is killed and the promise rejects. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ServerExit> {
    this.child.kill(signal);
    const hung = await this.endsLate();
    if (!hung) return this.output.exit;
    this.child.kill('SIGKILL');
    throw new Error(`The server did not end ${EXIT_WITHIN_MS} ms after ${signal}.\n${this.output.tail()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private address(scheme: 'http' | 'ws', path: string): string {
    return `${scheme}${this.tls ? 's' : ''}://${this.target}${path}`;
  }

  private endsLate(): Promise<boolean> {
    const late = new Promise<boolean>((settle) => {
      const timer = setTimeout(() => settle(true), EXIT_WITHIN_MS);
      void this.output.exit.then(() => clearTimeout(timer));
    });
    return Promise.race([late, this.output.exit.then(() => false)]);
  }
}

/** Starts the built server and resolves when it says that it is ready; rejects with its last lines when it does not. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { child, dataDir } = launch(options);
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const output = new ServerOutput(child);
  void output.exit.then(() => process.off('exit', killWithUs));
  const ready = await readyLine(child, output, options.until ?? 'ready');
  const [port, opsPort, adminPort] = ['port', 'opsPort', 'adminPort'].map((name) => portOf(ready, name));
  return new RunningServer(child, output, port ?? 0, opsPort ?? 0, options.tls !== undefined, adminPort ?? 0, dataDir);
}

/** Runs the built server's command line to its end, e.g. `--help` or a refused setting. */
export async function runServerToEnd(options: ServerOptions = {}): Promise<ServerExit & { text: string }> {
  const { child } = launch(options);
  const output = new ServerOutput(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
  const exit = await output.exit;
  clearTimeout(timer);
  return { ...exit, text: output.lines.join('\n') };
}

function launch(options: ServerOptions): { child: ServerProcess; dataDir: string } {
  const entry = join(repositoryRoot, `dist/apps/${options.app ?? 'standalone'}/src/main.js`);
  if (!existsSync(entry)) throw new Error('The server is not built. Run `npm run build` first.');
  const given = options.env?.['CAS_DATA_DIR'];
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'cas-data-'));
  const child = spawn(process.execPath, [...NODE_FLAGS, entry, ...(options.args ?? [])], {
    cwd: repositoryRoot,
    env: environment(options, dataDir),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (given === undefined) child.once('close', () => rmSync(dataDir, { recursive: true, force: true }));
  return { child, dataDir };
}

/** What a process wrote, line by line, stdout and stderr together; only the newest lines are kept. */
class ServerOutput {
  readonly lines: string[] = [];
  readonly json: LogLine[] = [];
  readonly exit: Promise<ServerExit>;
  private readonly waiting = new Set<(line: LogLine) => void>();

  constructor(child: ServerProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.take(line));
    }
    this.exit = new Promise((settle) => {
      child.once('error', () => settle({ code: null, signal: null }));
      child.once('close', (code, signal) => settle({ code, signal }));
    });
  }

  first(matches: (line: LogLine) => boolean): Promise<LogLine> {
    const past = this.json.find(matches);
    if (past) return Promise.resolve(past);
    return new Promise((settle, reject) => {
      const look = (line: LogLine) => {
        if (!matches(line)) return;
        this.waiting.delete(look);
        settle(line);
      };
      this.waiting.add(look);
      void this.exit.then((exit) => reject(new Error(`The server ended (${ending(exit)}).\n${this.tail()}`)));
    });
  }

  tail(): string {
    return this.lines.slice(-LINES_TOLD).join('\n');
  }

  private take(line: string): void {
    keepNewest(this.lines, line);
    const parsed = parseLine(line);
    if (!parsed) return;
    keepNewest(this.json, parsed);
    for (const look of [...this.waiting]) look(parsed);
  }
}

/** The parent's environment without its own `CAS_*`, so that a developer's settings never change a test. */
function environment(options: ServerOptions, dataDir: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CAS_'));
  const settings: Record<string, string | undefined> = {
    CAS_HOST: '127.0.0.1',
    CAS_PORT: '0',
    CAS_OPS_PORT: '0',
    CAS_ADMIN_PORT: '0',
    CAS_DATA_DIR: dataDir,
    CAS_LOG_FORMAT: 'json',
    ...(options.tls ? { CAS_TLS_CERT: options.tls.certificateFile, CAS_TLS_KEY: options.tls.keyFile } : {}),
    ...options.env,
  };
  return { ...Object.fromEntries(inherited), ...settings };
}

async function readyLine(child: ServerProcess, output: ServerOutput, until: 'ready' | 'loading'): Promise<LogLine> {
  const begins = until === 'ready' ? 'ready' : 'the ports are open';
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The server was not ready after ${READY_WITHIN_MS} ms.\n${output.tail()}`));
    }, READY_WITHIN_MS);
  });
  try {
    return await Promise.race([
      output.first((line) => String(line['msg']).startsWith(begins) && line['opsPort'] !== undefined),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

function portOf(line: LogLine, name: string): number {
  const port = line[name] ?? 0;
  if (typeof port === 'number' && Number.isInteger(port)) return port;
  throw new Error(`The server's ready line has no ${name}: ${JSON.stringify(line)}`);
}

function parseLine(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}

function keepNewest<T>(kept: T[], next: T): void {
  kept.push(next);
  if (kept.length > LINES_KEPT_MAX) kept.shift();
}

function ending(exit: ServerExit): string {
  return exit.signal ? `signal ${exit.signal}` : `exit status ${exit.code}`;
}
