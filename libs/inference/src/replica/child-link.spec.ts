import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { POOL_DEFAULTS } from '../pool/pool-options.js';

const TIMEOUT_MS = 60_000;
const built = (path: string) => new URL(`../../../../dist/libs/${path}`, import.meta.url).href;

/**
 * A program that may open few files (`ulimit`). It serves, takes every file descriptor there is, kills its replica,
 * gives the descriptors back when the replica could not be started again, and prints what it logs and what it is
 * answered then.
 */
function programShortOfFiles(): string {
  const childEntry = fileURLToPath(built('inference/src/testing/scripted-replica-process.js'));
  const options = { ...POOL_DEFAULTS, name: 'scripted', folder: 'any', childEntry };
  return `
    import { closeSync, openSync } from 'node:fs';
    import { startPool } from ${JSON.stringify(built('inference/src/pool/pool.js'))};
    import { anonymous, systemClock } from ${JSON.stringify(built('core/src/index.js'))};
    const taken = [];
    const removeAll = () => {
      try {
        for (;;) taken.push(openSync('/dev/null'));
      } catch {}
    };
    const noneLeft = Promise.withResolvers();
    const log = ({ text }) => {
      console.log(text);
      if (text.includes('EMFILE')) noneLeft.resolve();
    };
    const imageLimits = { bytesMax: 1, pixelsMax: 1 };
    const pool = await startPool({ ...${JSON.stringify(options)}, imageLimits, clock: systemClock, log });
    const taking = setInterval(removeAll, 1);
    process.kill(pool.snapshot().replicas[0].pid, 'SIGKILL');
    await noneLeft.promise;
    clearInterval(taking);
    taken.forEach((fd) => closeSync(fd));
    const alive = setInterval(() => undefined, 1_000);
    const context = { requestId: 'one', principal: anonymous, signal: new AbortController().signal };
    const [result] = await pool.submit([{ kind: 'text', text: '7' }], context);
    console.log('answered ' + result.embedding[0]);
    clearInterval(alive);
    await pool.close();
  `;
}

describe(
  'a replica that cannot be started since the process has no file descriptor left',
  { timeout: TIMEOUT_MS },
  () => {
    it.skipIf(process.platform === 'win32')('is started again later, and the process lives on', async () => {
      const shell = ['-c', 'ulimit -n 128; exec "$@"', 'sh', process.execPath, '--input-type=module', '--eval'];
      const { stdout } = await promisify(execFile)('sh', [...shell, programShortOfFiles()]);
      expect(stdout).toContain('the process could not be started');
      expect(stdout).toContain('answered 7');
    });
  },
);
