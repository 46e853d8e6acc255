import type { Provider } from '#clip';
import { describe, expect, it } from 'vitest';
import { anInventory, cardLine, ends, NOT_INSTALLED } from '../testing/device-sources.js';
import { computeCapabilityOf, localDevices } from './device-inventory.js';

describe('an inventory', () => {
  it('tells the processor, the cards by their numbers, and the libraries', async () => {
    expect(await anInventory({ missing: ['tensorrt'] }).report()).toEqual({
      cpu: { cores: 4, memoryTotalBytes: 16e9, memoryFreeBytes: 8e9 },
      cards: [
        expect.objectContaining({ device: 'cuda:0', name: 'NVIDIA L4', memoryFreeBytes: 22491 * 2 ** 20 }),
        expect.objectContaining({ device: 'cuda:1', driverVersion: '580.65.06', computeCapability: '8.9' }),
      ],
      libraries: { cuda: true, tensorrt: false },
      note: null,
    });
  });

  it('looks anew each time', async () => {
    let free = 100;
    const inventory = anInventory({ run: (...args) => ends(cardLine(0, { free: String(free) }))(...args) });
    await inventory.report();
    free = 200;
    expect((await inventory.report()).cards).toMatchObject([{ memoryFreeBytes: 200 * 2 ** 20 }]);
  });

  it('shows hidden cards without a number, and what hides them', async () => {
    const { cards, note } = await anInventory({ env: { CUDA_VISIBLE_DEVICES: '1' } }).report();
    expect(cards.map(({ device, uuid }) => [device, uuid?.slice(0, 5)])).toEqual([
      ['cuda:0', 'GPU-1'],
      [null, 'GPU-0'],
    ]);
    expect(note).toBe('This process sees 1 card: cuda:0 NVIDIA L4; CUDA_VISIBLE_DEVICES="1" hides 1 of this machine.');
  });

  it.each<[string, Parameters<typeof anInventory>[0], string]>([
    ['no driver', { run: NOT_INSTALLED }, 'nvidia-smi is not found'],
    ['a driver without nvidia-smi', { run: NOT_INSTALLED, hasDriver: () => true }, 'NVIDIA_DRIVER_CAPABILITIES'],
    ['a broken driver', { run: ends('Failed to initialize NVML: Unknown Error', false) }, 'NVML: Unknown Error'],
    ['no card', { run: ends('No devices were found', false) }, 'has no card'],
    [
      'no library',
      { missing: ['cuda'] },
      'ONNXRUNTIME_NODE_INSTALL=true node node_modules/onnxruntime-node/script/install',
    ],
    ['another platform', { missing: ['cuda'], platform: 'linux/arm64' }, 'only for linux/x64'],
    ['MIG', { run: ends(cardLine(0, { mig: 'Enabled' })) }, 'MIG'],
    ['CUDA is not found', { missingLibraries: ['libcudart.so.13'] }, 'not found: libcudart.so.13.'],
    ['the library of the driver', { missingLibraries: ['libcuda.so.1'] }, 'has to hold compute'],
    [
      'an old driver',
      { run: ends(cardLine(0, { driver: '570.86.15' })) },
      'older than 580, the oldest that CUDA 13 takes',
    ],
    ['an old card', { run: ends(cardLine(0, { name: 'Tesla V100', compute: '7.0' })) }, 'on Tesla V100 (7.0).'],
    [
      'an order of CUDA',
      { run: ends(`${cardLine(0)}\n${cardLine(1, { name: 'H100' })}`), env: { CUDA_DEVICE_ORDER: 'FASTEST_FIRST' } },
      'CUDA_DEVICE_ORDER',
    ],
  ])('says in its note: %s', async (_, changes, note) => {
    expect((await anInventory(changes).report()).note).toContain(note);
  });

  it('reads the machine that it runs on', async () => {
    const { cpu } = await localDevices().report();
    expect(cpu.cores).toBeGreaterThan(0);
    expect(cpu.memoryFreeBytes).toBeGreaterThan(0);
    expect(cpu.memoryFreeBytes).toBeLessThanOrEqual(cpu.memoryTotalBytes);
  });
});

const unlike = ends([cardLine(0, { compute: '8.9' }), cardLine(1, { compute: '9.0' })].join('\n'));

function tensorrt(deviceId: number): Provider {
  return { name: 'tensorrt', deviceId };
}

describe('the compute capability that engines are looked for by', () => {
  it('is that of the card which CUDA shows under the number', async () => {
    const turned = anInventory({ run: unlike, env: { CUDA_VISIBLE_DEVICES: '1,0' } });
    expect(await computeCapabilityOf(tensorrt(0), anInventory({ run: unlike }))).toBe('8.9');
    expect(await computeCapabilityOf(tensorrt(0), turned)).toBe('9.0');
    expect(await computeCapabilityOf(tensorrt(1), turned)).toBe('8.9');
  });

  it('is not known where the driver does not tell it, or has no such card', async () => {
    expect(await computeCapabilityOf(tensorrt(2), anInventory({ run: unlike }))).toBeUndefined();
    expect(await computeCapabilityOf(tensorrt(0), anInventory({ run: NOT_INSTALLED }))).toBeUndefined();
  });

  it('is asked of nobody where there are no engines', async () => {
    const inventory = { report: () => Promise.reject(new Error('asked')) };
    expect(await computeCapabilityOf('cpu', inventory)).toBeUndefined();
    expect(await computeCapabilityOf({ name: 'cuda', deviceId: 0 }, inventory)).toBeUndefined();
  });
});
