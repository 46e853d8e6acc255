import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { serviceTime } from './pod.js';
import { beginning, decide, type Rule } from './rule.js';
import { type Outcome, QUEUED, RUNNING, simulate, turns } from './simulate.js';

// The rule of the manifest on loads of images, by the speed that docs/benchmark.md has for the embedded model on 2
// cores (91 images a second one by one, 127 in runs of 32). A pod serves 60 seconds after it was asked for.

interface Manifest {
  spec: {
    minReplicas: number;
    maxReplicas: number;
    behavior: Rule['behavior'];
    metrics: { pods: { metric: { name: string }; target: { averageValue: string } } }[];
  };
}

const MANIFEST = join(import.meta.dirname, '../components/autoscaling/autoscaler.yml');
const { spec } = parse(readFileSync(MANIFEST, 'utf8')) as Manifest;
const targets = Object.fromEntries(
  spec.metrics.map(({ pods: { metric, target } }) => [metric.name, Number(target.averageValue)]),
);
const rule: Rule = { ...spec, targets };

const PER_SECOND = 127;
const TIME = serviceTime(91.2, PER_SECOND, 32);
const COLD_START_S = 60;
/** The longest that a call may wait for its run, in seconds. */
const AGE_TARGET_S = 1;

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A load in pods that it fills wholly, for an hour. */
function run(beginWith: number, pods: (atS: number) => number, of: Rule = rule): Outcome {
  return simulate({
    ...{ rule: of, time: TIME, coldStartS: COLD_START_S, forS: HOUR, beginWith },
    load: (atS) => PER_SECOND * pods(atS),
  });
}

const longestWait = ({ agesS }: Outcome, fromS = 0, untilS = HOUR) => Math.max(...agesS.slice(fromS, untilS));
const numbersAfter = ({ changes }: Outcome, fromS: number, beginWith: number) => {
  const before = changes.filter(({ atS }) => atS <= fromS).at(-1)?.replicas ?? beginWith;
  return [before, ...changes.filter(({ atS }) => atS > fromS).map(({ replicas }) => replicas)];
};
const spread = (numbers: readonly number[]) => Math.max(...numbers) - Math.min(...numbers);

describe('the rule of the autoscaler', () => {
  it('reads both metrics of the manifest', () => {
    expect(Object.keys(targets)).toEqual([QUEUED, RUNNING]);
  });

  it('keeps the wait short and the number of pods calm under a steady load', () => {
    const outcome = run(6, () => 4);
    expect(longestWait(outcome)).toBeLessThan(AGE_TARGET_S);
    expect(spread(numbersAfter(outcome, 10 * MINUTE, 6))).toBeLessThanOrEqual(2);
  });

  it('is ahead of a load that grows to six times in 20 minutes, and never turns round', () => {
    const outcome = run(2, (atS) => 1 + 5 * Math.min(1, atS / (20 * MINUTE)));
    expect(longestWait(outcome)).toBeLessThan(AGE_TARGET_S);
    expect(turns(outcome, 2)).toBe(0);
  });

  it('has room for a burst of half as much again, while new pods start', () => {
    const outcome = run(4, (atS) => (atS > 15 * MINUTE && atS < 25 * MINUTE ? 3.6 : 2.4));
    expect(longestWait(outcome)).toBeLessThan(AGE_TARGET_S);
  });

  it('asks for all pods within a minute when four times as much comes, and is done with what piled up in five more', () => {
    const burstAtS = 5 * MINUTE;
    const outcome = run(2, (atS) => (atS > burstAtS && atS < 25 * MINUTE ? 5 : 1.2));
    expect(numbersAfter(outcome, burstAtS + MINUTE, 2)[0]).toBe(rule.maxReplicas);
    expect(longestWait(outcome, burstAtS + 6 * MINUTE)).toBeLessThan(AGE_TARGET_S);
  });

  it('does not follow a load that comes and goes every two minutes', () => {
    const outcome = run(2, (atS) => (atS % (4 * MINUTE) < 2 * MINUTE ? 4 : 2));
    expect(longestWait(outcome, 5 * MINUTE)).toBeLessThan(AGE_TARGET_S);
    // An hour has fifteen of them; the numbers that are left are those around what the higher load needs.
    expect(turns(outcome, 2)).toBeLessThanOrEqual(6);
    expect(spread(numbersAfter(outcome, 25 * MINUTE, 2))).toBeLessThanOrEqual(3);
  });

  it('goes down pod by pod when the load goes away, and nobody waits for that', () => {
    const outcome = run(8, (atS) => (atS < 5 * MINUTE ? 5 : 1.2));
    expect(longestWait(outcome)).toBeLessThan(AGE_TARGET_S);
    expect(numbersAfter(outcome, 50 * MINUTE, 8).at(-1)).toBeLessThanOrEqual(3);
    const steps = outcome.changes.map(({ replicas }, at) => replicas - (outcome.changes[at - 1]?.replicas ?? 8));
    expect(Math.min(...steps)).toBe(-1);
  });

  it('needs the calls that run: by those that wait alone it would swing, for none wait as long as there is room', () => {
    const queuedAlone = { ...rule, targets: { [QUEUED]: targets[QUEUED]! } };
    const outcome = run(6, () => 4, queuedAlone);
    expect(spread(numbersAfter(outcome, 10 * MINUTE, 6))).toBeGreaterThan(4);
    expect(longestWait(outcome)).toBeGreaterThan(AGE_TARGET_S);
  });
});

describe('one decision', () => {
  const of = (replicas: number, queued: number[], running = queued) =>
    decide(rule, { nowS: 1000, replicas, metrics: { [QUEUED]: queued, [RUNNING]: running } }, beginning(1000, replicas))
      .replicas;

  it('takes the metric that asks for more', () => {
    expect(of(2, [0, 0], [8, 8])).toBe(4);
    expect(of(2, [48, 48], [2, 2])).toBe(6);
  });

  it('stays where the ratio is within the tolerance', () => {
    expect(of(3, [0, 0, 0], [4.7, 4.7, 4.7])).toBe(3);
    expect(of(3, [0, 0, 0], [2.9, 2.9, 2.9])).toBe(3);
  });

  it('counts a pod that does not report yet as idle, so that it is not asked for twice', () => {
    expect(of(4, [32, 32], [4, 4])).toBe(4);
  });

  it('changes nothing without any value, and stays between the bounds', () => {
    expect(of(5, [])).toBe(5);
    expect(of(8, Array<number>(8).fill(400))).toBe(rule.maxReplicas);
  });

  it('does not shrink before ten minutes have asked for it', () => {
    expect(of(6, Array<number>(6).fill(0))).toBe(6);
  });
});
