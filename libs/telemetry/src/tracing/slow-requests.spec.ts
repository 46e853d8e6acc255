import { describe, expect, it } from 'vitest';
import { SlowRequests } from './slow-requests.js';

/** Numbers from 0 to 1 that are the same in every run (Lehmer 1951, with the parameters of minstd). */
function* randomNumbers(): Generator<number, never> {
  for (let seed = 42; ;) yield (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** How many of `count` requests are found slow, when they take what `duration` makes of a number from 0 to 1. */
function countSlow(slow: SlowRequests, count: number, duration: (random: number) => number): number {
  const random = randomNumbers();
  let found = 0;
  for (let at = 0; at < count; at++) if (slow.isSlow('grpc encode', duration(random.next().value))) found += 1;
  return found;
}

describe('SlowRequests', () => {
  it.each([
    ['alike', (random: number) => 1 + random],
    ['with a long tail', (random: number) => 1 / (1 - random)],
    ['of two kinds', (random: number) => (random < 0.9 ? 1 : 100) + random],
  ])('finds about one in a hundred of requests that are %s', (_what, duration) => {
    const slow = new SlowRequests();
    countSlow(slow, 5_000, duration);
    const found = countSlow(slow, 20_000, duration);
    expect(found).toBeGreaterThan(140);
    expect(found).toBeLessThan(260);
  });

  it('finds one that takes a hundred times as long as those before', () => {
    const slow = new SlowRequests();
    countSlow(slow, 200, (random) => 1 + random);
    expect(slow.isSlow('grpc encode', 200)).toBe(true);
  });

  it('gets used to a service that has become slower within some hundred requests', () => {
    const slow = new SlowRequests();
    countSlow(slow, 5_000, (random) => 1 + random);
    expect(countSlow(slow, 300, (random) => 10 + 10 * random)).toBeLessThan(100);
    expect(countSlow(slow, 2_000, (random) => 10 + 10 * random)).toBeLessThan(60);
  });

  it('tells kinds apart, and holds no more than some', () => {
    const slow = new SlowRequests();
    for (let kind = 0; kind < 10_000; kind++) expect(slow.isSlow(`kind ${kind}`, 1)).toBe(false);
    expect(slow.isSlow('kind 0', 100)).toBe(true);
    expect(slow.isSlow('kind 9999', 100)).toBe(false);
  });
});
