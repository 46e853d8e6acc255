import { describe, expect, it } from 'vitest';
import { benchCases, pythonCases, type BenchCase } from '../test/bench/cases.js';
import { figuresOf, pythonOf, type Figures } from '../test/bench/figures.js';
import { parseOptions } from '../test/bench/options.js';
import { renderReport } from '../test/bench/report.js';
import { bulkSection } from '../test/bench/report-scenarios.js';
import { useOver } from '../test/bench/server-reading.js';
import { targetsOf } from '../test/bench/targets.js';

function options(...args: string[]) {
  const parsed = parseOptions(args, '/srv/clip', {});
  if (!parsed) throw new Error('help');
  return parsed;
}

function figures(benchCase: BenchCase): Figures {
  const results = [{ latenciesMs: [5, 5], elapsedMs: 1_000, cores: 0.1, refusalsMs: [], refusalsWithTime: 0 }];
  return figuresOf({ benchCase, results, bare: [], server: undefined });
}

const bulk = {
  limits: { aloneMs: 20_000, textsMax: 100_000, streamMs: 300_000 },
  ...{ texts: 30_624, bulkPerSecond: 102, interactivePerSecond: 40 },
  ...{ aloneP50Ms: 11, aloneP99Ms: 16, besideP50Ms: 22, besideP99Ms: 40, aloneCalls: 800, besideCalls: 11_900 },
};

describe('what the server kept busy', () => {
  it('counts only the time of the loads, not that of the bare loops between them', () => {
    const reading = (atMs: number, parentCpuS: number, runS: number) => ({
      ...{ atMs, parentCpuS, runS },
      ...{ batches: runS * 10, batchItems: runS * 40 },
    });
    const spans = [
      { before: reading(1_000, 0, 0), after: reading(3_000, 1, 1.5) },
      { before: reading(9_000, 1, 1.5), after: reading(11_000, 2, 3) },
    ];

    expect(useOver(spans)).toEqual({ parentCores: 0.5, runShare: 0.75, batchSize: 4 });
  });
});

describe('the comparison with the Python server', () => {
  const python = pythonCases('vit', false).map(figures);
  const theirsOf = (name: string) => {
    const found = benchCases('vit', false).find((some) => some.name === name);
    if (!found) throw new Error(`no ${name}`);
    return pythonOf(figures(found), python)?.benchCase.name;
  };

  it('is made with the same load', () => {
    expect(theirsOf('vit/text/clip.v1/32x1')).toBe('python-server:vit/text/JinaRPC/32x1');
    expect(theirsOf('vit/image/v1/embeddings/1x32')).toBe('python-server:vit/image/post/1x32');
  });

  it.each(['vit/text/EncodeStream/1x1x64', 'vit/mixed-text/clip.v1/32x1'])(
    'is not made for %s, which it was not sent',
    (name) => {
      expect(theirsOf(name)).toBeUndefined();
    },
  );
});

describe('the report of npm run bench', () => {
  const reportOf = (...args: string[]) =>
    renderReport({ machine: [], loadBefore: 0, loadAfter: 0, options: options(...args), minutes: 1 }, []);

  it('says which kind of run it is of', () => {
    expect(reportOf()).toMatch(/\| Mode +\| +whole \|/);
    expect(reportOf('--quick')).toContain('quick (--quick): short runs, the slowest loads left out');
    expect(reportOf('--only', '32x1')).toContain('whole, only loads named *32x1*');
    expect(reportOf('--set', 'CAS_REPLICAS=2')).toContain('cache of vectors off, `CAS_REPLICAS=2`, and one process');
  });

  it('says how long and how often the loads ran', () => {
    expect(reportOf('--seconds', '3', '--repeats', '1')).toContain('measured for 3000 ms, once');
    expect(reportOf()).toContain('measured for 2000 ms, 2 times');
  });

  it('says how many texts a stream came to, and of how many calls a p99 is', () => {
    const [heading, how, rows] = bulkSection(bulk);

    expect(heading).toContain('beside a stream of 30,624');
    expect(how).toContain('up to 100,000 texts or as many as fit in 300 s');
    expect(rows).toContain('alone (800 calls)');
    expect(rows).toContain('beside it (11900 calls)');
  });

  it('names the calls of a promise about a p99', () => {
    const memory = { startBytes: 0, peakBytes: 0 };
    const none = { yardsticks: [], loads: [], python: [], overload: undefined, pythonMemory: undefined };
    const [promise] = targetsOf({ model: 'vit', memory, bulk, ...none });

    expect(promise).toMatchObject({ found: '2.50 (40.0 ms of 11900 calls, alone 16.0 ms of 800)', isMet: true });
  });
});

describe('the options of npm run bench', () => {
  it('are two runs of two seconds of each load, or what is given', () => {
    expect(options()).toMatchObject({ runMs: 2_000, repeats: 2 });
    expect(options('--quick')).toMatchObject({ runMs: 1_000, repeats: 1 });
    expect(options('--seconds', '3', '--repeats', '1')).toMatchObject({ runMs: 3_000, repeats: 1 });
  });

  it.each([
    [['--seconds', 'long'], '--seconds wants a number above 0, not long'],
    [['--repeats', '0'], '--repeats wants a number above 0, not 0'],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => options(...args)).toThrow(message);
  });
});
