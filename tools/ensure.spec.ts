import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ensureBuilt, ensureInstalled, fingerprint, isInstalled } from './ensure.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cas-tools-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

interface Entry {
  version: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
}

function locks(wanted: Record<string, Entry>, present: Record<string, Entry>) {
  write('package-lock.json', JSON.stringify({ packages: { '': { name: 'root' }, ...wanted } }));
  write('node_modules/.package-lock.json', JSON.stringify({ packages: present }));
}

describe('isInstalled', () => {
  it('is false on a bare checkout', () => {
    write('package-lock.json', JSON.stringify({ packages: {} }));
    expect(isInstalled(folder, false)).toBe(false);
  });

  it('is true when every package is there in its version, optional ones of other platforms aside', () => {
    locks({ a: { version: '1.0.0' }, b: { version: '1.0.0', optional: true } }, { a: { version: '1.0.0' } });
    expect(isInstalled(folder, true)).toBe(true);
  });

  it('is false when a package is missing or of another version', () => {
    locks({ a: { version: '1.0.0' } }, {});
    expect(isInstalled(folder, false)).toBe(false);
    locks({ a: { version: '1.0.0' } }, { a: { version: '1.0.1' } });
    expect(isInstalled(folder, false)).toBe(false);
  });

  it('asks for the tools of tests only where they are needed', () => {
    locks({ a: { version: '1.0.0', dev: true } }, {});
    expect([isInstalled(folder, false), isInstalled(folder, true)]).toEqual([true, false]);
  });

  it('is false while Node 24 is missing, which npm leaves out where install scripts are off', () => {
    const packages = { 'node_modules/node': { version: '24.0.0' } };
    locks(packages, packages);
    expect(isInstalled(folder, false)).toBe(false);
    write(`node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, '');
    expect(isInstalled(folder, false)).toBe(true);
  });
});

describe('ensureInstalled', () => {
  /** Writes down what it was called with, and installs nothing. */
  const npm = `
    import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
    mkdirSync('node_modules', { recursive: true });
    const before = existsSync('called.json') ? JSON.parse(readFileSync('called.json', 'utf8')) : [];
    writeFileSync('called.json', JSON.stringify([...before, process.argv.slice(2)]));
  `;

  function aCheckout(packages: Record<string, Entry>): void {
    write('package.json', '{ "type": "module" }');
    write('package-lock.json', JSON.stringify({ packages }));
    vi.stubEnv('npm_execpath', write('npm-cli.js', npm));
    vi.stubEnv('npm_node_execpath', process.execPath);
    onTestFinished(() => void vi.unstubAllEnvs());
  }

  it('installs what a build needs also under NODE_ENV=production, once, and runs no install script but that of node', async () => {
    aCheckout({ a: { version: '1.0.0', dev: true } });
    await ensureInstalled({ folder });
    const called = JSON.parse(readFileSync(join(folder, 'called.json'), 'utf8')) as string[][];
    expect(called).toEqual([
      expect.arrayContaining(['ci', '--include=dev', '--ignore-scripts']),
      expect.arrayContaining(['rebuild', 'node', '--ignore-scripts=false']),
    ]);
    rmSync(join(folder, 'called.json'));
    await ensureInstalled({ folder });
    expect(existsSync(join(folder, 'called.json'))).toBe(false);
  });

  it('says what is wrong when npm did not bring Node 24', async () => {
    aCheckout({ 'node_modules/node': { version: '24.0.0' } });
    await expect(ensureInstalled({ folder })).rejects.toThrow(/install script of the package "node"/);
  });
});

describe('fingerprint', () => {
  it('changes when a source is added, touched or removed, and not for a spec', () => {
    const source = write('libs/a/src/a.ts', 'export {};');
    const first = fingerprint(folder);
    write('libs/a/src/a.spec.ts', '');
    expect(fingerprint(folder)).toBe(first);
    utimesSync(source, 1, 1);
    const touched = fingerprint(folder);
    write('libs/a/src/b.ts', '');
    const added = fingerprint(folder);
    rmSync(source);
    expect(new Set([first, touched, added, fingerprint(folder)]).size).toBe(4);
  });
});

describe('ensureBuilt', { timeout: 60_000 }, () => {
  function aProject(source: string) {
    // Small on purpose: the compiler alone takes seconds on a busy machine.
    const compilerOptions = { outDir: 'dist', rootDir: '.', types: [], lib: ['es5'] };
    write('package.json', '{ "type": "module" }');
    write('tsconfig.build.json', JSON.stringify({ compilerOptions, include: ['libs'] }));
    write('libs/a.ts', source);
    write('apps/console/index.html', '<!doctype html><title>the console</title>');
    write('apps/console/vite.config.js', "export default { build: { outDir: '../../dist/console' } };");
  }

  it('builds once for two callers at the same time, and not again', async () => {
    aProject('export const one: number = 1;');
    await Promise.all([ensureBuilt({ folder }), ensureBuilt({ folder })]);
    expect(existsSync(join(folder, 'dist/libs/a.js'))).toBe(true);
    rmSync(join(folder, 'dist/libs'), { recursive: true });
    await ensureBuilt({ folder });
    expect(existsSync(join(folder, 'dist/libs'))).toBe(false);
  });

  it('fails with the exit code of the compiler of a build that has errors', async () => {
    aProject('export const one: number = "1";');
    await expect(ensureBuilt({ folder })).rejects.toThrow(/build failed/);
  });
});
