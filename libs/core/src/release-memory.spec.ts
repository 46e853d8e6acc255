import { expect, it } from 'vitest';
import { releaseMemory } from './release-memory.js';

/** Makes some 20 MB of objects, and drops them. */
function makeGarbage(): number {
  const garbage = Array.from({ length: 500_000 }, (_, n) => ({ n }));
  expect(garbage).toHaveLength(500_000);
  return process.memoryUsage().heapUsed;
}

it('objects that nobody refers to are gone afterwards, and no global function is left behind', () => {
  const heapBytes = makeGarbage();
  releaseMemory();
  expect(heapBytes - process.memoryUsage().heapUsed).toBeGreaterThan(5_000_000);
  expect(globalThis.gc).toBeUndefined();
});
