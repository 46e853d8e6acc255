import { describe, expect, it } from 'vitest';
import { parseVisibleDevices } from './devices.js';

describe('parseVisibleDevices', () => {
  it.each([
    ['RR', 3, [0, 1, 2]],
    ['RR0:2', 0, [0, 1]],
    ['RR0:2', 8, [0, 1]],
    ['RR:2', 0, [0, 1]],
    ['RR2:', 4, [2, 3]],
    ['RR-2:', 4, [2, 3]],
    ['RR:-1', 4, [0, 1, 2]],
    ['RR0:4:2', 0, [0, 2]],
    ['RR1:9', 4, [1, 2, 3]],
    ['RR[1:3]', 0, [1, 2]],
    ['RR1', 0, [1]],
    ['RR0,2,3', 0, [0, 2, 3]],
    ['RR3,1', 0, [3, 1]],
  ])('%s on a machine of %i GPUs (0 = not known) deals %j in turn', (text, gpus, numbers) => {
    expect(parseVisibleDevices(text, gpus)).toEqual({ kind: 'inTurn', numbers });
  });

  it.each([
    ['2', [2]],
    ['0,1', [0, 1]],
    ['1, 0', [1, 0]],
    ['0,-1,1', [0]],
    ['-1', []],
    ['', []],
  ])('%s is one view of %j for all', (text, numbers) => {
    expect(parseVisibleDevices(text, 4)).toEqual({ kind: 'all', numbers });
  });

  it.each([
    ['RR', 0, /--gpus/],
    ['RR1:', 0, /--gpus/],
    ['RR-2:', 0, /--gpus/],
    ['RR5:', 4, /no GPU/],
    ['RR0:4:0', 4, /no GPU/],
    ['RRGPU-1', 4, /ids/],
    ['RRGPU-1,GPU-2', 4, /ids/],
    ['RR0:1:2:3', 4, /ids/],
    ['GPU-8932f937-d72c', 4, /ids/],
    ['RR99999999999', 4, /ids/],
  ])('%s on a machine of %i GPUs says why it cannot be read', (text, gpus, why) => {
    expect(parseVisibleDevices(text, gpus)).toEqual({ kind: 'unreadable', why: expect.stringMatching(why) as string });
  });
});
