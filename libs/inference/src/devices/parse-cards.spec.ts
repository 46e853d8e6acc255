import { describe, expect, it } from 'vitest';
import { CARD_FIELDS, parseCards, type CardField } from './parse-cards.js';

const MIB = 2 ** 20;
const upTo470: readonly CardField[] = CARD_FIELDS.filter((field) => field !== 'compute_cap');
const upTo440: readonly CardField[] = upTo470.filter((field) => field !== 'mig.mode.current');

describe('cards as drivers list them', () => {
  it('driver 550, two cards', () => {
    const text =
      '0, GPU-5e1c7b5a-66a1-4d1e-9c0f-6a8a3f1d2b01, NVIDIA L4, 23034, 22491, 550.54.15, [N/A], 8.9\n' +
      '1, GPU-a0b45b7c-1b0f-5f39-8d52-0d6f6c4c9e02, NVIDIA L4, 23034, 611, 550.54.15, [N/A], 8.9\n';
    expect(parseCards(text, CARD_FIELDS)).toEqual([
      {
        index: 0,
        uuid: 'GPU-5e1c7b5a-66a1-4d1e-9c0f-6a8a3f1d2b01',
        name: 'NVIDIA L4',
        memoryTotalBytes: 23034 * MIB,
        memoryFreeBytes: 22491 * MIB,
        driverVersion: '550.54.15',
        computeCapability: '8.9',
        isPartitioned: false,
      },
      expect.objectContaining({ index: 1, memoryFreeBytes: 611 * MIB }),
    ]);
  });

  it('driver 470, which knows no compute capability', () => {
    const text = '0, GPU-2a4c6e80-1111-2222-3333-444455556666, Tesla T4, 15109, 15000, 470.57.02, [N/A]\n';
    expect(parseCards(text, upTo470)).toMatchObject([
      { name: 'Tesla T4', driverVersion: '470.57.02', computeCapability: undefined },
    ]);
  });

  it('driver 440, which knows no MIG either', () => {
    const text = '0, GPU-2a4c6e80-1111-2222-3333-444455556666, GeForce GTX 1080, 8116, 7800, 440.33.01\n';
    expect(parseCards(text, upTo440)).toMatchObject([{ name: 'GeForce GTX 1080', isPartitioned: false }]);
  });

  it('a card in MIG mode that a container may not read', () => {
    const text =
      '0, GPU-07d0e1f2-aaaa-bbbb-cccc-ddddeeeeffff, NVIDIA A100-SXM4-80GB, [Insufficient Permissions], ' +
      '[Insufficient Permissions], 535.129.03, Enabled, 8.0\n';
    expect(parseCards(text, CARD_FIELDS)).toMatchObject([
      { isPartitioned: true, memoryTotalBytes: undefined, memoryFreeBytes: undefined },
    ]);
  });

  it('a card that shares the memory of the machine and so has none to tell', () => {
    const text = '0, GPU-11112222-3333-4444-5555-666677778888, NVIDIA GB10, [N/A], [N/A], 580.95.05, [N/A], 12.1\n';
    expect(parseCards(text, CARD_FIELDS)).toMatchObject([{ name: 'NVIDIA GB10', memoryFreeBytes: undefined }]);
  });

  it('a card that has fallen ill is one still', () => {
    const text =
      '0, GPU-11112222-3333-4444-5555-666677778888, [Unknown Error], [GPU requires reset], ERR!, 550.54.15, N/A, [Not Supported]\n';
    expect(parseCards(text, CARD_FIELDS)).toMatchObject([
      { index: 0, name: undefined, memoryTotalBytes: undefined, memoryFreeBytes: undefined, isPartitioned: false },
    ]);
  });

  it('with the line ends of Windows and a warning between them', () => {
    const text =
      '0, GPU-1, NVIDIA T4, 15360, 15000, 550.54.15, [N/A], 7.5\r\n' +
      'WARNING: infoROM is corrupted at gpu 0000:00:1E.0\r\n';
    expect(parseCards(text, CARD_FIELDS)).toMatchObject([{ name: 'NVIDIA T4', computeCapability: '7.5' }]);
  });
});
