import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Ends with 7 after 200 lines, in several turns of the event loop, so that failed writes are told in between. */
function program(format: 'json' | 'pretty'): string {
  return `
    import { createLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))};
    const log = createLog({ level: 'info', format: '${format}' });
    for (let line = 0; line < 200; line++) {
      log.info({ line }, 'a line');
      await new Promise((resolve) => setImmediate(resolve));
    }
    process.stdout.write('what others print\\n');
    log.info('last');
    setTimeout(() => process.exit(7), 50);
  `;
}

function run(format: 'json' | 'pretty', stdout: number | 'pipe') {
  return spawnSync(process.execPath, ['--input-type=module', '-e', program(format)], {
    stdio: ['ignore', stdout, 'pipe'],
    encoding: 'utf8',
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
}

describe.each(['json', 'pretty'] as const)('a log in %s', { timeout: 40_000 }, (format) => {
  it.skipIf(!existsSync('/dev/full'))('on a full disk loses its lines; the process goes on and can end', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = run(format, full);
    closeSync(full);
    expect(status, stderr).toBe(7);
  });

  it('is written line by line in order', () => {
    const { status, stdout } = run(format, 'pipe');
    const lines = stdout.trim().split('\n');
    expect(status).toBe(7);
    expect(lines.filter((line) => line.includes('a line'))).toHaveLength(200);
    expect(lines.at(-1)).toContain('last');
  });
});
