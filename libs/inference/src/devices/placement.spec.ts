import { describe, expect, it } from 'vitest';
import { parseDevice, placeReplicas } from './placement.js';

describe('place', () => {
  it('deals replicas to devices in turns and names them', () => {
    const placements = placeReplicas({ model: 'm', replicas: 5, devices: ['cuda:0', 'cuda:1'], cores: 16 });
    expect(placements.map(({ replica, device }) => [replica, device])).toEqual([
      ['m/0', 'cuda:0'],
      ['m/1', 'cuda:1'],
      ['m/2', 'cuda:0'],
      ['m/3', 'cuda:1'],
      ['m/4', 'cuda:0'],
    ]);
  });

  it.each([
    [8, 3, 2],
    [2, 2, 1],
    [2, 4, 1],
    [4, 1, 4],
  ])('shares %i cores among %i replicas: %i threads each', (cores, replicas, threads) => {
    const placements = placeReplicas({ model: 'm', replicas, devices: ['cpu'], cores });
    expect(new Set(placements.map((placement) => placement.threads))).toEqual(new Set([threads]));
  });

  it('refuses to place nothing', () => {
    expect(() => placeReplicas({ model: 'm', replicas: 0, devices: ['cpu'], cores: 1 })).toThrow(
      'at least one replica',
    );
  });

  it('refuses a list of no devices', () => {
    expect(() => placeReplicas({ model: 'm', replicas: 1, devices: [], cores: 1 })).toThrow('No device is configured');
  });
});

describe('parseDevice', () => {
  it.each([
    ['cpu', 'cpu'],
    ['cuda:1', { name: 'cuda', deviceId: 1 }],
    ['cuda', { name: 'cuda', deviceId: 0 }],
    ['tensorrt:12', { name: 'tensorrt', deviceId: 12 }],
  ])('reads %s', (device, provider) => expect(parseDevice(device)).toEqual(provider));

  it.each(['gpu', 'cpu:0', 'cuda:', 'cuda:-1', 'CUDA:0', ''])(
    'refuses %j with the devices that there are',
    (device) => {
      expect(() => parseDevice(device)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    },
  );
});
