import { ManualClock } from '#core';
import { describe, expect, it } from 'vitest';
import { cardLine, ends } from '../testing/device-sources.js';
import { CardMonitor } from './card-monitor.js';
import type { RunCommand } from './nvidia-smi.js';

const GIB = 2 ** 30;

/** A machine with a driver, and the questions that it was asked. */
function aMonitor(run: RunCommand, { hasDriver = true, env = {} } = {}) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const counted: RunCommand = (file, args, signal) => {
    asked.push(args.join(' '));
    return run(file, args, signal);
  };
  return { clock, asked, monitor: new CardMonitor({ run: counted, clock, env, hasDriver: () => hasDriver }) };
}

/** A line of the question for the use of a card. */
const useLine = (index: number, utilization: string): string => `${cardLine(index, { free: '12794' })}, ${utilization}`;

describe('the use of the cards', () => {
  it('is memory and share of time, by the name that models call them', async () => {
    const { monitor } = aMonitor(ends([useLine(0, '37'), useLine(1, '[N/A]')].join('\n')));
    const memory = { memoryTotalBytes: 23034 * 2 ** 20, memoryUsedBytes: 10 * GIB };
    expect(await monitor.read()).toEqual([
      { device: 'cuda:0', ...memory, utilizationRatio: 0.37 },
      { device: 'cuda:1', ...memory, utilizationRatio: undefined },
    ]);
  });

  it('is that of the cards that the process may use, by its own numbers', async () => {
    const lines = ends([useLine(0, '10'), useLine(1, '90')].join('\n'));
    const { monitor } = aMonitor(lines, { env: { CUDA_VISIBLE_DEVICES: '1' } });
    expect(await monitor.read()).toMatchObject([{ device: 'cuda:0', utilizationRatio: 0.9 }]);
  });

  it('is asked once in ten seconds, however often somebody wants it', async () => {
    const { monitor, asked, clock } = aMonitor(ends(useLine(0, '1')));
    await Promise.all([monitor.read(), monitor.read(), monitor.read()]);
    clock.advance(9_999);
    await monitor.read();
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await monitor.read();
    expect(asked).toHaveLength(2);
  });

  it('starts no process where there is no driver', async () => {
    const { monitor, asked } = aMonitor(ends(''), { hasDriver: false });
    expect(await monitor.read()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('is not known of a driver that fails', async () => {
    const { monitor } = aMonitor(ends('NVIDIA-SMI has failed\n', false));
    expect(await monitor.read()).toEqual([]);
  });

  it('keeps nobody waiting when the driver does not answer', async () => {
    const { monitor, clock } = aMonitor(() => new Promise(() => undefined));
    const reading = monitor.read();
    clock.advance(2_000);
    expect(await reading).toEqual([]);
  });
});
