import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage, compacts the heap and gives what is free back to the system. For a process that runs a model,
 * between loading and working: loading makes tens of megabytes of objects that are needed once, and the process would
 * keep them. Not for the parent: for some time afterwards V8 collects the whole heap sooner, which costs nothing where
 * 12 MB are alive, and a tenth of the parent's time where 60 MB are (docs/benchmark-notes.md).
 */
export function releaseMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' });
}
