import { DomainError } from '#core';
import { describe, expect, it } from 'vitest';
import { anInventory, cardLine, ends, NOT_INSTALLED } from '../testing/device-sources.js';
import { cardBytesNeeded, DeviceCheck } from './device-check.js';

type Inventory = Parameters<typeof anInventory>[0];

/** What a check of replicas of `large` on these devices says; undefined = nothing against it. */
async function refusal(devices: string[], inventory: Inventory, weightBytes?: number): Promise<string | undefined> {
  return (await refusalOf(devices, inventory, weightBytes))?.message;
}

async function refusalOf(
  devices: string[],
  inventory: Inventory,
  weightBytes?: number,
): Promise<DomainError | undefined> {
  const check = new DeviceCheck({ inventory: anInventory(inventory), weightBytesOf: async () => weightBytes });
  try {
    await check.require(devices.map((device) => ({ model: 'large', device })));
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    return error as DomainError;
  }
}

describe('a check of devices', () => {
  it('lets through what fits', async () => {
    expect(await refusal(['cuda:0', 'tensorrt:1', 'cpu'], {}, 1e9)).toBeUndefined();
  });

  it('does not look at cards for models on the CPU', async () => {
    const run = () => Promise.reject(new Error('asked'));
    expect(await refusal(['cpu', 'cpu'], { run }, 1e9)).toBeUndefined();
  });

  it('says all that is in the way at once, and that nothing falls back to the CPU', async () => {
    const text = await refusal(
      ['cuda:0', 'cuda:2'],
      { missing: ['cuda'], run: ends(cardLine(0, { free: '100' })) },
      1e9,
    );
    expect(text).toBe(
      'large cannot be placed on cuda:0 and cuda:2. cuda:2 is not there. This process sees 1 card: cuda:0 NVIDIA L4. ' +
        'cuda:0 NVIDIA L4 has 0.1 GB free, and 1 new replica needs at least 1.7 GB there; new ones start before old ones go. ' +
        'Free memory on the card, place fewer replicas on it, or serve files in half precision. ' +
        'The CUDA libraries of onnxruntime-node are not installed (libonnxruntime_providers_cuda.so): run ' +
        '"ONNXRUNTIME_NODE_INSTALL=true node node_modules/onnxruntime-node/script/install" where the service is installed; ' +
        'docs/gpu.md says what else they need. Nothing runs on the CPU instead by itself: name cpu where that is meant.',
    );
  });

  it('names the cards that are there instead of the one that is not', async () => {
    expect(await refusal(['tensorrt:2'], {})).toContain(
      'tensorrt:2 is not there. This process sees 2 cards: cuda:0 NVIDIA L4, cuda:1 NVIDIA L4.',
    );
  });

  it('says when CUDA_VISIBLE_DEVICES hides it', async () => {
    expect(await refusal(['cuda:1'], { env: { CUDA_VISIBLE_DEVICES: '0' } })).toContain(
      'cuda:1 is not there. This process sees 1 card: cuda:0 NVIDIA L4; CUDA_VISIBLE_DEVICES="0" hides 1 of this machine.',
    );
    expect(await refusal(['cuda:0'], { env: { CUDA_VISIBLE_DEVICES: '' } })).toContain(
      'This process sees no cards; CUDA_VISIBLE_DEVICES="" hides 2 of this machine.',
    );
  });

  it.each<[string, Inventory, string]>([
    ['there is no driver', { run: NOT_INSTALLED, missing: ['cuda'] }, 'No NVIDIA driver is here'],
    ['the driver fails', { run: ends('Failed to initialize NVML: Unknown Error', false) }, 'NVML: Unknown Error'],
    ['the driver has no card', { run: ends('No devices were found', false) }, 'has no card'],
  ])('refuses when %s', async (_, inventory, text) => {
    expect(await refusal(['cuda:0'], inventory)).toContain(text);
  });

  it.each<[string, DomainError['code'], Inventory]>([
    ['there is no driver', 'invalid_argument', { run: NOT_INSTALLED }],
    ['there is no card', 'invalid_argument', { run: ends('No devices were found', false) }],
    ['a library is missing', 'invalid_argument', { missing: ['cuda'] }],
    [
      'a library is missing and memory too',
      'invalid_argument',
      { missing: ['cuda'], run: ends(cardLine(0, { free: '1' })) },
    ],
    ['memory is used up', 'unavailable', { run: ends(cardLine(0, { free: '1' })) }],
    ['the driver fails', 'unavailable', { run: ends('Failed to initialize NVML: Unknown Error', false) }],
  ])('tells a mistake from what may pass: %s is %s', async (_, code, inventory) => {
    expect(await refusalOf(['cuda:0'], inventory, 1e9)).toMatchObject({ code });
  });

  it('asks for the library of the provider that is meant', async () => {
    expect(await refusal(['cuda:0'], { missing: ['tensorrt'] })).toBeUndefined();
    expect(await refusal(['tensorrt:0'], { missing: ['tensorrt'] })).toContain('libonnxruntime_providers_tensorrt.so');
  });

  it('names the libraries that the provider needs and the linker does not find', async () => {
    expect(await refusal(['cuda:0'], { missingLibraries: ['libcudart.so.13', 'libcuda.so.1'] })).toBe(
      'large cannot be placed on cuda:0. Libraries that the CUDA provider needs are not found: libcudart.so.13. Install the ' +
        'version of CUDA, cuDNN or TensorRT that they belong to, or name their folder in LD_LIBRARY_PATH. Nothing runs on the ' +
        'CPU instead by itself: name cpu where that is meant.',
    );
  });

  it('says once that there is no driver', async () => {
    const missingLibraries = ['libcuda.so.1'];
    expect(await refusal(['cuda:0'], { missingLibraries })).toContain(
      "The NVIDIA driver's library libcuda.so.1 is not",
    );
    expect(await refusal(['cuda:0'], { missingLibraries, run: NOT_INSTALLED })).not.toContain('libcuda.so.1');
  });

  it.each<[string, Inventory]>([
    ['nvidia-smi is missing and the driver is not', { run: NOT_INSTALLED, hasDriver: () => true }],
    ['cards are cut into MIG instances', { run: ends(cardLine(0, { mig: 'Enabled', free: '1' })) }],
    ['the card does not tell its memory', { run: ends(`${cardLine(0, { free: '[N/A]' })}\n${cardLine(1)}`) }],
    [
      'CUDA may count otherwise',
      {
        run: ends(`${cardLine(0, { free: '1' })}\n${cardLine(1, { name: 'NVIDIA H100' })}`),
        env: { CUDA_DEVICE_ORDER: 'FASTEST_FIRST' },
      },
    ],
  ])('holds nothing against a device that it cannot know: %s', async (_, inventory) => {
    expect(await refusal(['cuda:0', 'cuda:1'], inventory, 1e9)).toBeUndefined();
  });

  it('looks at no memory when the size of the model is not known', async () => {
    expect(await refusal(['cuda:0'], { run: ends(cardLine(0, { free: '1' })) })).toBeUndefined();
  });

  it('counts all new replicas of a card together, to the byte, and those of others apart', async () => {
    const weightBytes = 10 * 2 ** 30;
    const twoMib = Math.ceil((2 * cardBytesNeeded(weightBytes)) / 2 ** 20);
    const free = (mib: number): Inventory => ({
      run: ends([cardLine(0, { free: String(mib) }), cardLine(1, { free: String(mib) })].join('\n')),
    });
    expect(await refusal(['cuda:0', 'tensorrt:0'], free(twoMib), weightBytes)).toBeUndefined();
    expect(await refusal(['cuda:0', 'tensorrt:0'], free(twoMib - 1), weightBytes)).toContain('2 new replicas need');
    expect(await refusal(['cuda:0', 'cuda:1'], free(twoMib - 1), weightBytes)).toBeUndefined();
  });
});
