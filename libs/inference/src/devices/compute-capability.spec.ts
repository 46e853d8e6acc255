import type { Provider } from '#clip';
import { describe, expect, it } from 'vitest';
import { anInventory, cardLine, ends, NOT_INSTALLED } from '../testing/device-sources.js';
import { computeCapabilityOf } from './compute-capability.js';

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
