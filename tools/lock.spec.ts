import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

let lock: string;

beforeEach(() => {
  lock = join(mkdtempSync(join(tmpdir(), 'cas-lock-')), 'a.lock');
});

afterEach(() => {
  rmSync(join(lock, '..'), { recursive: true, force: true });
});

describe('withLock', () => {
  it('lets one task in at a time and says once that it waits', async () => {
    const seen: string[] = [];
    const task = (name: string) => async () => {
      seen.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${name} out`);
    };
    const waits: string[] = [];
    await Promise.all([withLock(lock, task('a')), withLock(lock, task('b'), (pid: string) => waits.push(pid))]);
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out']);
    expect(waits).toEqual([String(process.pid)]);
  });

  it('lets go when the task fails', async () => {
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });

  it('takes over from a process that died holding it', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    mkdirSync(lock);
    writeFileSync(join(lock, 'owner'), String(pid));
    expect(await withLock(lock, () => 'done')).toBe('done');
  });

  it.each([
    ['this one', process.pid] as const,
    // Only Linux tells when a process started.
    ...(process.platform === 'linux' ? [['another that lives', process.ppid] as const] : []),
  ])('takes over from a process of before a restart whose id is now that of %s', async (_, pid) => {
    mkdirSync(lock);
    writeFileSync(join(lock, 'owner'), `${pid} another-boot/123`);
    expect(await withLock(lock, () => 'done')).toBe('done');
  });
});
