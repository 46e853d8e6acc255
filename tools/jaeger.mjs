import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { main, StepFailed } from './ensure.mjs';
import { goOf } from './go.mjs';
import { withLock } from './lock.mjs';
import { root, run, say } from './process.mjs';

/** Its module names Jaeger's version, and every package that it is built from by its hash. */
const SOURCE = join(root, 'test', 'support', 'jaeger');
const PACKAGE = 'github.com/jaegertracing/jaeger/cmd/all-in-one';
const CACHE = join(root, '.cache', 'jaeger');
const BUILT = join(CACHE, 'jaeger');

const GO_MINOR_MIN = 25;

/**
 * Builds Jaeger for the tests of traces, once: `.cache/jaeger/jaeger`. It takes about five minutes of one core and is
 * not optimized, which would take eight. Who calls while it is being built waits for that.
 */
await main(async () => {
  mkdirSync(CACHE, { recursive: true });
  return withLock(join(CACHE, 'lock'), async () => {
    if (existsSync(BUILT)) return 0;
    const go = goOf(GO_MINOR_MIN);
    if (go === undefined)
      throw new StepFailed(`Jaeger is built by Go 1.${GO_MINOR_MIN} or newer, and there is none.`, 1);
    say('Building Jaeger');
    const args = ['build', '-gcflags=all=-N -l', '-ldflags=-s -w', '-o', `${BUILT}.new`, PACKAGE];
    const code = await run(go, args, {
      cwd: SOURCE,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
    });
    if (code === 0) renameSync(`${BUILT}.new`, BUILT);
    return code;
  });
});
