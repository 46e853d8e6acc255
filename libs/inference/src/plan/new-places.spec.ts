import { expect, it } from 'vitest';
import { aModel, HOUSE, served } from '../testing/plan-state.js';
import { newPlaces } from './new-places.js';
import { plan } from './plan.js';

it('new places are those of replicas that start; what stays or goes needs none', () => {
  const before = served([aModel('a', { isDefault: true, replicas: 2, devices: ['cuda:0'] }), aModel('old')]);
  const wanted = [
    aModel('a', { isDefault: true, replicas: 2, devices: ['cuda:0', 'cuda:1'], batchItemsMax: 4 }),
    aModel('b', { replicas: 3, devices: ['cuda:0', 'cpu'] }),
  ];
  expect(newPlaces(plan(wanted, before, HOUSE), HOUSE)).toEqual([
    { model: 'a', device: 'cuda:1' },
    { model: 'b', device: 'cuda:0' },
    { model: 'b', device: 'cpu' },
    { model: 'b', device: 'cuda:0' },
  ]);
});
