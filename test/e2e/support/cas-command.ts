import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { repositoryRoot } from '../../support/server.js';

const ENTRY = join(repositoryRoot, 'dist/apps/cli/src/main.js');

/** How a run of `cas` ended. */
export interface CasResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built `cas` in an empty folder, with a data folder and a home of its own; nothing of the developer's is seen. */
export class CasCommand implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'cas-cli-'));
  readonly dataDir = join(this.folder, 'data');

  constructor(private readonly extraEnv: Record<string, string> = {}) {}

  async run(args: readonly string[], { env = {}, input = '' }: CasInput = {}): Promise<CasResult> {
    const child = spawn(process.execPath, [ENTRY, ...args], {
      cwd: this.folder,
      env: {
        ...{ PATH: process.env['PATH'], HOME: this.folder, XDG_CONFIG_HOME: join(this.folder, 'config') },
        ...{ ...this.extraEnv, ...env },
      },
    });
    child.stdin.end(input);
    const [code, stdout, stderr] = await Promise.all([
      new Promise<number | null>((settle) => child.once('close', settle)),
      text(child.stdout),
      text(child.stderr),
    ]);
    expect(stderr, 'a stack').not.toMatch(/^\s+at /m);
    return { code, stdout, stderr };
  }

  /** A run that must succeed, with `--json`: stdout must be one line with one JSON object, stderr nothing. */
  async json(args: readonly string[], input: CasInput = {}): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], input);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\{.*\}\n$/);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** A run that must fail: its exit code and its one sentence; stdout must be empty. */
  async failure(args: readonly string[], input: CasInput = {}): Promise<{ code: number | null; said: string }> {
    const { code, stdout, stderr } = await this.run(args, input);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^cas: \S/m);
    return { code, said: stderr };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface CasInput {
  readonly env?: Record<string, string>;
  readonly input?: string;
}
