import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, fingerprint, isInstalled } from './ensure.mjs';

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
