import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './process.mjs';

/** Go's own place, and that of `.ci/run`. */
const GOS = ['go', '/usr/local/go/bin/go', join(root, '.cache', 'go', 'bin', 'go')];

/** The first Go of this machine that is 1.`minor` or newer; undefined where there is none. */
export function goOf(minor) {
  return GOS.find((go) => minorOf(go) >= minor);
}

function minorOf(go) {
  try {
    const version = execFileSync(go, ['env', 'GOVERSION'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return Number(/^go1\.(\d+)/.exec(version)?.[1]);
  } catch {
    return NaN;
  }
}
