import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { StepFailed } from './ensure.mjs';
import { root, run, say } from './process.mjs';

/** Go's own place, and that of `.ci/run`. */
const GOS = ['go', '/usr/local/go/bin/go', join(root, '.cache', 'go', 'bin', 'go')];

/** The first Go of this machine that is 1.`minor` or newer; where there is none it fails, and says what for. */
export function goFor(what, minor) {
  const go = GOS.find((one) => minorOf(one) >= minor);
  if (go === undefined)
    throw new StepFailed(`Go 1.${minor} or newer is needed to build ${what}, and there is none.`, 1);
  return go;
}

/**
 * Builds a program of a module in `cwd` and puts it at `built`, whole or not at all. Resolves with Go's exit code.
 *
 * @param args what `go build` is told besides
 * @param env variables besides those of this process
 */
export async function buildProgram(go, { cwd, program, built, args, env }) {
  say(`Building ${program}`);
  const code = await run(go, ['build', ...args, '-o', `${built}.new`, program], {
    cwd,
    env: { ...process.env, CGO_ENABLED: '0', ...env },
  });
  if (code === 0) renameSync(`${built}.new`, built);
  return code;
}

function minorOf(go) {
  try {
    const version = execFileSync(go, ['env', 'GOVERSION'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return Number(/^go1\.(\d+)/.exec(version)?.[1]);
  } catch {
    return NaN;
  }
}
