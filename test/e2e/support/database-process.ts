import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DatabaseOptions } from '#database';
import { repositoryRoot } from '../../support/server.js';

const SUPPORT = join(repositoryRoot, 'test/e2e/support');

/** A process that opens a database when it is told to; see `open-database.mjs`. */
export class DatabaseProcess {
  private readonly lines: AsyncIterator<string>;
  private readonly exited: Promise<unknown[]>;
  private errors = '';

  private constructor(private readonly child: ChildProcess) {
    if (child.stdout === null || child.stderr === null) throw new Error('The process has no output.');
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (chunk) => (this.errors += String(chunk)));
    this.exited = once(child, 'close');
  }

  /** @param killAt kills itself before the first statement of SQLite that holds this text */
  static async start(options: DatabaseOptions, killAt?: string): Promise<DatabaseProcess> {
    const hook = killAt === undefined ? [] : ['--import', join(SUPPORT, 'kill-at-statement.mjs')];
    const child = spawn(process.execPath, [...hook, join(SUPPORT, 'open-database.mjs')], {
      cwd: repositoryRoot,
      env: {
        PATH: process.env['PATH'],
        TEST_DATA_DIR: options.dataDir,
        ...(options.url === undefined ? {} : { TEST_URL: options.url }),
        ...(killAt === undefined ? {} : { KILL_AT_STATEMENT: killAt }),
      },
    });
    const started = new DatabaseProcess(child);
    await started.line();
    return started;
  }

  /** Tells it to open the database. */
  open(): void {
    this.child.stdin?.write('open\n');
  }

  /** The number that it drew from the counter once the database was open; its errors when it ended instead. */
  async drawn(): Promise<number> {
    return Number(await this.line());
  }

  /** Lets it close the database and end; its exit status. */
  async end(): Promise<unknown> {
    this.child.stdin?.end();
    return (await this.exited)[0];
  }

  /** SIGKILL: nothing of it runs any more. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** The signal that ended it; null when it ended by itself. */
  async endedBy(): Promise<unknown> {
    return (await this.exited)[1];
  }

  private async line(): Promise<string> {
    const next = await this.lines.next();
    if (next.done !== true) return next.value;
    await this.exited;
    throw new Error(`The process ended: ${this.errors}`);
  }
}
