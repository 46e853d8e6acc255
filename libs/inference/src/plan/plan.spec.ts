import { describe, expect, it } from 'vitest';
import { aModel, after, DEFAULTS, randomModels, served } from '../testing/plan-state.js';
import { SeededRandom } from '../testing/random.js';
import type { DesiredModel } from './desired-models.js';
import type { ActualModel } from '../pool/model-registry.js';
import { newReplicas, plan } from './plan.js';
import { formatStep } from './steps.js';

function stepsOf(desired: readonly DesiredModel[], actual: readonly ActualModel[]) {
  return plan(desired, actual, DEFAULTS).map((step) => {
    const detail = step.kind === 'drain_replica' ? step.replica : step.model;
    return `${step.kind} ${detail}`;
  });
}

/** What a plan must lead to, whatever the replicas are called and in whichever order they stand. */
function shapeOf(models: readonly ActualModel[]) {
  const seats = ({ replicas }: ActualModel) =>
    replicas.map(({ device, threads }) => `${device} ${device === 'cpu' ? threads : ''}`);
  const rows = models.map((model) => ({
    ...{ name: model.name, isDefault: model.isDefault, seats: seats(model).sort() },
    ...{ batchItemsMax: model.batchItemsMax, rssBytesMax: model.rssBytesMax },
  }));
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}

describe('a plan', () => {
  const mini = aModel('mini', { isDefault: true });

  it('is empty when all is as it should be', () => {
    expect(stepsOf([mini], served([mini]))).toEqual([]);
  });

  it('switches by loading the new model, then moving the default, then ending the old one', () => {
    const large = aModel('large', { isDefault: true });
    expect(stepsOf([large], served([mini]))).toEqual(['start_pool large', 'make_default large', 'stop_pool mini']);
  });

  it('adds replicas before it drains others, and keeps those that are where one should be', () => {
    const before = served([aModel('mini', { isDefault: true, replicas: 2, devices: ['cuda:0', 'cuda:1'] })]);
    const wanted = aModel('mini', { isDefault: true, replicas: 2, devices: ['cuda:1', 'cuda:2'] });
    expect(stepsOf([wanted], before)).toEqual(['add_replica mini', 'drain_replica mini/0']);
  });

  it('moves replicas on the CPU to their new share of the cores', () => {
    const wanted = { ...mini, replicas: 2 };
    const expected = ['add_replica mini', 'add_replica mini', 'drain_replica mini/0'];
    expect(stepsOf([wanted], served([mini]))).toEqual(expected);
  });

  it('changes limits without a restart', () => {
    expect(stepsOf([{ ...mini, batchItemsMax: 8 }], served([mini]))).toEqual(['set_limits mini']);
  });

  it('starts every new model before it ends any old one', () => {
    const desired = [aModel('x', { isDefault: true }), aModel('y')];
    const steps = stepsOf(desired, served([mini, aModel('old')]));
    expect(steps).toEqual(['start_pool x', 'start_pool y', 'make_default x', 'stop_pool mini', 'stop_pool old']);
  });

  it('says each step in a sentence', () => {
    const wanted = [
      { ...mini, isDefault: false, batchItemsMax: 8, rssBytesMax: 2e9 },
      aModel('x', { isDefault: true }),
    ];
    expect(plan(wanted, served([mini, aModel('old')]), DEFAULTS).map(formatStep)).toEqual([
      'Set the limits of mini: at most 8 items a run, at most 2000 MB a replica. No replica restarts.',
      'Start x with 1 replica on cpu, and serve it when all are ready.',
      'Make x the default: requests that name no model get it from now on.',
      'Take old out of service: finish the requests that it has, then end its replicas.',
    ]);
  });

  it('refuses a device that it cannot read', () => {
    expect(() => stepsOf([aModel('mini', { devices: ['tpu'] })], [])).toThrow('tpu');
  });
});

describe('plans between thousands of random states (seed in the name)', () => {
  it.each(Array.from({ length: 10 }, (_, n) => n + 1))(
    'arrive, with a default that serves and no model emptied or lost on the way (seed %i)',
    (seed) => {
      const random = new SeededRandom(seed);
      let actual = served(randomModels(random));
      for (let round = 0; round < 100; round += 1) {
        const desired = randomModels(random);
        const stays = actual.filter(({ name }) => desired.some((model) => model.name === name));
        // Broken off somewhere and made anew from there: a plan needs no memory.
        for (let [step] = plan(desired, actual, DEFAULTS); step; [step] = plan(desired, actual, DEFAULTS)) {
          actual = after(actual, step);
          expect(actual.filter(({ isDefault }) => isDefault)).toHaveLength(1);
          expect(actual.every(({ replicas }) => replicas.length > 0)).toBe(true);
          for (const { name } of stays) expect(actual.map((model) => model.name)).toContain(name);
          if (random.chance(0.02)) break;
        }
        if (plan(desired, actual, DEFAULTS).length === 0) expect(shapeOf(actual)).toEqual(shapeOf(served(desired)));
      }
    },
  );
});

it('new places are those of replicas that start; what stays or goes needs none', () => {
  const before = served([aModel('a', { isDefault: true, replicas: 2, devices: ['cuda:0'] }), aModel('old')]);
  const wanted = [
    aModel('a', { isDefault: true, replicas: 2, devices: ['cuda:0', 'cuda:1'], batchItemsMax: 4 }),
    aModel('b', { replicas: 3, devices: ['cuda:0', 'cpu'] }),
  ];
  expect(newReplicas(plan(wanted, before, DEFAULTS), DEFAULTS)).toEqual([
    { model: 'a', device: 'cuda:1' },
    { model: 'b', device: 'cuda:0' },
    { model: 'b', device: 'cpu' },
    { model: 'b', device: 'cuda:0' },
  ]);
});
