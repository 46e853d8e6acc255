import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { main } from './ensure.mjs';
import { buildProgram, goFor } from './go.mjs';
import { withLock } from './lock.mjs';
import { root } from './process.mjs';

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
    return buildProgram(goFor('Jaeger', GO_MINOR_MIN), {
      ...{ cwd: SOURCE, program: PACKAGE, built: BUILT },
      args: ['-gcflags=all=-N -l', '-ldflags=-s -w'],
      env: { GOFLAGS: '-mod=readonly' },
    });
  });
});
