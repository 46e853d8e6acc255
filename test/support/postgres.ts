import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.js';

const START_SECONDS_MAX = 60;
const USER = 'cas_test';

/** Enough for many small tests at once; survives a crash of the server, though not of the machine. */
const SETTINGS = `
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = 16MB
fsync = off
full_page_writes = off
`;

/**
 * Whether tests that need PostgreSQL can run: `describe.skipIf(!postgresAvailable)`. With CI set it is always true, so
 * that they fail there instead of being skipped when there is none.
 */
export const postgresAvailable =
  process.env['CI'] !== undefined ||
  process.env['CAS_TEST_DATABASE_URL'] !== undefined ||
  programsFolder() !== undefined;

/** The same for tests that stop the server, which a given `CAS_TEST_DATABASE_URL` does not allow. */
export const postgresServerAvailable = process.env['CI'] !== undefined || programsFolder() !== undefined;

/** A real PostgreSQL for the tests of one file. */
export interface TestPostgres extends AsyncDisposable {
  /** A fresh, empty database; its URL, with a password. */
  createDatabase(): Promise<string>;
  /** Cuts every connection at once, like a crash (`pg_ctl stop -m immediate`). Own servers only. */
  stop(): Promise<void>;
  /** Starts the stopped server again on the same port. Own servers only. */
  start(): Promise<void>;
  /**
   * Stops every process of the server where it stands (SIGSTOP): connections stay and nothing answers. Own servers
   * only.
   */
  freeze(): void;
  /** Lets them go on. */
  thaw(): void;
  /** The path of a client program, such as `pg_dump`. */
  program(name: string): string;
  /** Ends the server and removes everything. */
  dispose(): Promise<void>;
}

/**
 * The server of `CAS_TEST_DATABASE_URL` if that is set and `own` is not asked for; else a server of this test alone, in
 * a temporary folder on a free port of loopback.
 */
export async function startPostgres({ own = false } = {}): Promise<TestPostgres> {
  const given = process.env['CAS_TEST_DATABASE_URL'];
  if (given !== undefined && !own) return new GivenPostgres(given);
  const programs = programsFolder();
  if (programs === undefined) {
    throw new Error('No PostgreSQL here: install the package postgresql, or set CAS_TEST_DATABASE_URL.');
  }
  return OwnPostgres.start(programs);
}

/** Creates databases on a server and can drop what it has created. */
class Databases {
  private readonly names: string[] = [];

  constructor(private readonly serverUrl: string) {}

  async create(): Promise<string> {
    const name = `cas_test_${randomBytes(6).toString('hex')}`;
    // template0, since nobody can be connected to it: two may be created at once.
    await this.run(`CREATE DATABASE ${name} TEMPLATE template0`);
    this.names.push(name);
    const url = new URL(this.serverUrl);
    url.pathname = `/${name}`;
    return url.href;
  }

  async dropAll(): Promise<void> {
    for (const name of this.names.splice(0)) await this.run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  private async run(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.serverUrl });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}

class GivenPostgres implements TestPostgres {
  private readonly databases: Databases;

  constructor(url: string) {
    this.databases = new Databases(url);
  }

  createDatabase(): Promise<string> {
    return this.databases.create();
  }

  stop(): Promise<void> {
    return Promise.reject(new Error('The server of CAS_TEST_DATABASE_URL is not ours to stop: ask for an own one.'));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  freeze(): void {
    throw new Error('The server of CAS_TEST_DATABASE_URL is not ours to stop: ask for an own one.');
  }

  thaw(): void {}

  program(name: string): string {
    return join(programsFolder() ?? '', name);
  }

  dispose(): Promise<void> {
    return this.databases.dropAll();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

class OwnPostgres implements TestPostgres {
  private readonly databases: Databases;
  private readonly onExit = (): void => void this.stopAtExit();

  private constructor(
    private readonly programs: string,
    private readonly folder: string,
    private readonly port: number,
    password: string,
  ) {
    this.databases = new Databases(`postgres://${USER}:${password}@127.0.0.1:${port}/postgres`);
    process.once('exit', this.onExit);
  }

  static async start(programs: string): Promise<OwnPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'cas-postgres-'));
    await giveToServerUser(folder);
    const password = randomBytes(12).toString('hex');
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, password);
    await giveToServerUser(passwordFile);
    await asServerUser(folder, join(programs, 'initdb'), [
      ...['--pgdata', join(folder, 'data'), '--username', USER, '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    ]);
    await appendFile(join(folder, 'data', 'postgresql.conf'), `${SETTINGS}unix_socket_directories = '${folder}'\n`);
    const server = new OwnPostgres(programs, folder, await freePort(), password);
    await server.start();
    return server;
  }

  createDatabase(): Promise<string> {
    return this.databases.create();
  }

  async start(): Promise<void> {
    await this.control(
      'start',
      '-o',
      `-p ${this.port}`,
      '-l',
      join(this.folder, 'log'),
      '-t',
      String(START_SECONDS_MAX),
    );
  }

  async stop(): Promise<void> {
    await this.control('stop', '-m', 'immediate');
  }

  freeze(): void {
    this.signalAll('SIGSTOP');
  }

  thaw(): void {
    this.signalAll('SIGCONT');
  }

  program(name: string): string {
    return join(this.programs, name);
  }

  async dispose(): Promise<void> {
    process.removeListener('exit', this.onExit);
    this.thaw();
    if (existsSync(join(this.folder, 'data', 'postmaster.pid'))) await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  private async control(action: string, ...more: string[]): Promise<void> {
    await asServerUser(this.folder, this.program('pg_ctl'), [action, '-D', join(this.folder, 'data'), '-w', ...more]);
  }

  /** To the postmaster first, which would else start others, and to its children, which serve the connections. */
  private signalAll(signal: NodeJS.Signals): void {
    const file = join(this.folder, 'data', 'postmaster.pid');
    if (!existsSync(file)) return;
    const postmaster = Number.parseInt(readFileSync(file, 'utf8'));
    process.kill(postmaster, signal);
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim();
    for (const child of children.split(' ').filter((pid) => pid !== '')) process.kill(Number(child), signal);
  }

  /** For a test run that ends without `dispose`: the server is a process of its own and would stay. */
  private stopAtExit(): void {
    const [file, ...args] = serverUserCommand(this.program('pg_ctl'), [
      ...['stop', '-D', join(this.folder, 'data'), '-m', 'immediate'],
    ]);
    execFileSync(file, args, { cwd: this.folder, stdio: 'ignore' });
  }
}

/** Where `pg_ctl` and the others are: the newest version of the distribution's packages, else a folder of PATH. */
function programsFolder(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
}

/** The server refuses to run as root, so root runs it as the user `postgres` of the package. */
function serverUserCommand(program: string, args: readonly string[]): [string, ...string[]] {
  return process.getuid?.() === 0 ? [runuser(), '-u', 'postgres', '--', program, ...args] : [program, ...args];
}

/** Many a root's PATH lacks the folders of system programs. */
function runuser(): string {
  return ['/usr/sbin/runuser', '/sbin/runuser'].find((file) => existsSync(file)) ?? 'runuser';
}

async function asServerUser(folder: string, program: string, args: readonly string[]): Promise<void> {
  const [file, ...rest] = serverUserCommand(program, args);
  // The output goes nowhere: a started server would hold a pipe open for ever.
  const child = promisify(execFile)('sh', ['-c', '"$@" >"$0" 2>&1', join(folder, 'output'), file, ...rest], {
    cwd: folder,
  });
  await child;
}

async function giveToServerUser(file: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
  await chown(file, uid ?? 0, gid ?? 0);
}
