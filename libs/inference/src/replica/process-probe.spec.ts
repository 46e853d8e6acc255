import { describe, expect, it } from 'vitest';
import { linuxProcess, parseProcess } from './process-probe.js';

describe('parseProcess', () => {
  const stat = (state: string, name = 'node') =>
    `42 (${name}) ${state} 1 1 1 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 11 0 12345 999 2560 0 0`;
  const status = 'Name:\tnode\nVmPeak:\t  999999 kB\nVmRSS:\t   10240 kB\nRssAnon:\t    8000 kB\n';

  it('reads state, CPU time and memory, whatever the process is called', () => {
    const expected = { rssBytes: 10_240 * 1024, cpuTicks: 300, state: 'sleeping' };
    for (const name of ['node', 'replica a/0', 'a) R 1 (b']) {
      expect(parseProcess(stat('S', name), status)).toEqual(expected);
    }
  });

  it('takes the memory from the line in kB, whatever size the pages have that stat counts', () => {
    expect(parseProcess(stat('S').replace(' 2560 ', ' 160 '), status)?.rssBytes).toBe(10_240 * 1024);
  });

  it('tells stopped processes from those that do something', () => {
    const states = ['T', 't', 'R', 'D', 'S'].map((state) => parseProcess(stat(state), status)?.state);
    expect(states).toEqual(['stopped', 'stopped', 'other', 'other', 'sleeping']);
  });

  it('says nothing of what is no such file, nor of a process that has ended', () => {
    expect(parseProcess('', '')).toBeUndefined();
    expect(parseProcess('42 (node) S 1 2', status)).toBeUndefined();
    expect(parseProcess(stat('Z'), 'Name:\tnode\nState:\tZ (zombie)\n')).toBeUndefined();
  });
});

describe.runIf(process.platform === 'linux')('linuxProcess', () => {
  it('reads a real process, and nothing where there is none', () => {
    expect(linuxProcess(process.pid)?.rssBytes).toBeGreaterThan(10e6);
    expect(linuxProcess(2 ** 30)).toBeUndefined();
  });
});
