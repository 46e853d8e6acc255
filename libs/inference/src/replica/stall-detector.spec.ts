import { ManualClock } from '#core';
import { describe, expect, it } from 'vitest';
import type { ProcessReading } from './process-probe.js';
import { StallDetector, type Expectation } from './stall-detector.js';

const working: Expectation = { isWorking: true, worksOnCpu: true };
const idle: Expectation = { isWorking: false, worksOnCpu: true };

/** Looks once a second for `seconds`; the answers. */
function watch(seconds: number, expected: Expectation, readingAt: (second: number) => Partial<ProcessReading>) {
  const clock = new ManualClock();
  const detector = new StallDetector(clock);
  return Array.from({ length: seconds }, (_, second) => {
    clock.advance(1_000);
    return detector.observe({ rssBytes: 1, cpuTicks: 0, state: 'sleeping', ...readingAt(second) }, expected);
  });
}

describe('StallDetector', () => {
  it('notices a stopped process within four looks, working or not', () => {
    for (const expected of [working, idle]) {
      const answers = watch(4, expected, () => ({ state: 'stopped' }));
      expect(answers.at(-1)).toContain('SIGSTOP');
      expect(answers.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    }
  });

  it('notices one that has work and uses no CPU time within five looks', () => {
    expect(watch(5, working, () => ({})).at(-1)).toContain('uses no CPU time');
  });

  it('leaves a long run alone, however long, since it uses CPU time', () => {
    expect(watch(100, working, (second) => ({ cpuTicks: second }))).toEqual(Array(100).fill(undefined));
  });

  it.each<[string, Expectation, Partial<ProcessReading>]>([
    ['has nothing to do', idle, {}],
    ['waits for a GPU', { isWorking: true, worksOnCpu: false }, {}],
    ['waits for a disk or for its turn on a CPU', working, { state: 'other' }],
  ])('leaves one alone that %s', (_, expected, reading) => {
    expect(watch(100, expected, () => reading)).toEqual(Array(100).fill(undefined));
  });

  it('begins anew when the process went on in between', () => {
    const answers = watch(9, idle, (second) => ({ state: second % 3 === 2 ? 'other' : 'stopped' }));
    expect(answers).toEqual(Array(9).fill(undefined));
  });
});
