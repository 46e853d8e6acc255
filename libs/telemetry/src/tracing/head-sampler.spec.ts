import { describe, expect, it } from 'vitest';
import { randomId } from '#core';
import { headSampler, SAMPLERS } from './head-sampler.js';

const parent = (sampled: boolean) => ({ traceId: randomId(16), spanId: randomId(8), sampled });

describe('headSampler', () => {
  it.each([
    ['always_on', true, true, true],
    ['always_off', false, false, false],
    ['traceidratio', false, false, false],
    ['parentbased_always_on', true, true, false],
    ['parentbased_always_off', false, true, false],
    ['parentbased_traceidratio', false, true, false],
  ] as const)(
    '%s at ratio 0: without a caller %s, with one that samples %s, with one that does not %s',
    (name, ...is) => {
      const sampler = headSampler(name, 0);
      const id = randomId(16);
      expect([sampler(id, undefined), sampler(id, parent(true)), sampler(id, parent(false))]).toEqual(is);
    },
  );

  it.each(SAMPLERS.filter((name) => name.includes('ratio')))(
    '%s takes all new traces at 1, and its share else',
    (name) => {
      const ids = Array.from({ length: 20_000 }, () => randomId(16));
      expect(ids.every((id) => headSampler(name, 1)(id, undefined))).toBe(true);
      const taken = ids.filter((id) => headSampler(name, 0.1)(id, undefined)).length;
      expect(taken).toBeGreaterThan(1_700);
      expect(taken).toBeLessThan(2_300);
    },
  );

  it('decides by the id alone, and a larger share takes what a smaller one does', () => {
    const ids = Array.from({ length: 1_000 }, () => randomId(16));
    const [few, many] = [0.1, 0.5].map((ratio) =>
      ids.filter((id) => headSampler('traceidratio', ratio)(id, undefined)),
    );
    expect(many).toEqual(expect.arrayContaining(few ?? []));
  });
});
