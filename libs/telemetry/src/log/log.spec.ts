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

/** Logs before, while a request is worked for (also after a turn of the event loop) and after it. */
const DURING_A_REQUEST = `
  import { RequestTrace, withTrace } from '#core';
  import { createLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))};
  const log = createLog({ level: 'info', format: process.argv[1] });
  const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
  log.info('before');
  await withTrace(new RequestTrace(context, undefined, 'request-1'), async () => {
    log.info({ model: 'mini-clip' }, 'at once');
    await new Promise((resolve) => setImmediate(resolve));
    log.info({ requestId: 'its own' }, 'later');
  });
  log.info('after');
`;

function linesDuringARequest(format: 'json' | 'pretty'): string[] {
  const args = ['--input-type=module', '-e', DURING_A_REQUEST, format];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

describe('a line that is written while a request is worked for', { timeout: 40_000 }, () => {
  it('carries its trace and its id, by the names that log tools join on; others carry none', () => {
    const lines = linesDuringARequest('json').map((line): Record<string, unknown> => JSON.parse(line));
    const joined = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), trace_flags: '01' };
    expect(lines.map(({ level: _level, time: _time, ...rest }) => rest)).toEqual([
      { msg: 'before' },
      { ...joined, requestId: 'request-1', model: 'mini-clip', msg: 'at once' },
      { ...joined, requestId: 'its own', msg: 'later' },
      { msg: 'after' },
    ]);
  });

  it('shows people the id of the request and no trace', () => {
    const text = linesDuringARequest('pretty').join('\n');
    expect(text).toContain('request-1');
    expect(text).not.toContain('trace');
  });
});

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
