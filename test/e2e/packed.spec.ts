import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/server.js';

const run = promisify(execFile);
const version = '0.1.0';

/** A folder of somebody's own in which the package is installed: what npm packs, beside the packages that it needs. */
let folder: string;
let files: string[];

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: repositoryRoot });
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  files = packed?.files.map(({ path }) => path) ?? [];
  folder = mkdtempSync(join(tmpdir(), 'cas-packed-'));
  const installed = join(folder, 'node_modules', 'clip-as-service');
  for (const path of files) {
    mkdirSync(dirname(join(installed, path)), { recursive: true });
    cpSync(join(repositoryRoot, path), join(installed, path));
  }
  for (const name of readdirSync(join(repositoryRoot, 'node_modules'))) {
    symlinkSync(join(repositoryRoot, 'node_modules', name), join(folder, 'node_modules', name));
  }
}, 240_000); // npm packs all of it to say what is in it
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed service', () => {
  it('holds what it runs on and nothing that only tests or builds it', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/apps/cli/src/main.js',
        'dist/apps/standalone/src/main.js',
        'dist/migrations/index.js',
        'dist/console/index.html',
        'models/mini-clip/NOTICE.md',
        'proto/clip/v1/clip.proto',
        'tools/cas.mjs',
        'tools/start.mjs',
      ]),
    );
    expect(files.filter((file) => /\.spec\.|(^|\/)testing\/|^(test|apps)\/|tsconfig/.test(file))).toEqual([]);
  });

  it('answers as cas in any folder, with the data of that folder', async () => {
    const cas = join(folder, 'node_modules/clip-as-service/tools/cas.mjs');
    const asked = (...args: string[]) => run(process.execPath, [cas, ...args], { cwd: folder });
    expect((await asked('--version')).stdout.trim()).toBe(version);
    expect((await asked('auth', 'token', 'create', 'ci')).stdout).toMatch(/^cas_pat_/);
    expect(readdirSync(join(folder, 'data'))).toContain('cas.sqlite');
  });

  it('starts as clip-as-service, with its own model and the settings of that folder', async () => {
    const start = join(folder, 'node_modules/clip-as-service/tools/start.mjs');
    const help = await run(process.execPath, [start, '--help'], { cwd: folder });
    expect(help.stdout).toContain('Usage:');
  });
});

describe('npx --no -- cas', () => {
  it('works from every folder of the checkout', async () => {
    const { stdout } = await run('npx', ['--no', '--', 'cas', '--version'], { cwd: join(repositoryRoot, 'docs') });
    expect(stdout.trim()).toBe(version);
  });
});
