import { describe, expect, it } from 'vitest';
import { linuxProcess, parseStat } from './process-probe.js';

describe('parseStat', () => {
  const rest = (state: string) => `${state} 1 1 1 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 11 0 12345 999 2560 0 0`;

  it('reads state, CPU time and memory, whatever the process is called', () => {
    const expected = { rssBytes: 2560 * 4096, cpuTicks: 300, state: 'sleeping' };
    for (const name of ['node', 'replica a/0', 'a) R 1 (b']) {
      expect(parseStat(`42 (${name}) ${rest('S')}`)).toEqual(expected);
    }
  });

  it('tells stopped processes from those that do something', () => {
    const states = ['T', 't', 'R', 'D', 'S'].map((state) => parseStat(`42 (node) ${rest(state)}`)?.state);
    expect(states).toEqual(['stopped', 'stopped', 'other', 'other', 'sleeping']);
  });

  it('says nothing of what is no such line', () => {
    expect(parseStat('')).toBeUndefined();
    expect(parseStat('42 (node) S 1 2')).toBeUndefined();
  });
});

describe.runIf(process.platform === 'linux')('linuxProcess', () => {
  it('reads a real process, and nothing where there is none', () => {
    expect(linuxProcess(process.pid)?.rssBytes).toBeGreaterThan(10e6);
    expect(linuxProcess(2 ** 30)).toBeUndefined();
  });
});
