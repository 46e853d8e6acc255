import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { formatBytes, progressLine, progressReporter } from './progress-reporter.js';
import type { StoreEvent } from './store-events.js';

const started: StoreEvent = { kind: 'started', model: 'm', repository: 'o/m', files: 2, bytes: 1e9, bytesThere: 0 };
const progress = (bytesDone: number): StoreEvent => ({ kind: 'progress', model: 'm', bytesDone, bytes: 1e9 });

describe('telling a download', () => {
  it('draws a bar in place on a terminal, at most ten times a second', () => {
    const clock = new ManualClock();
    const drawn: string[] = [];
    const terminal = { columns: 100, write: (text: string) => drawn.push(text) };
    const report = progressReporter({ terminal, line: (text) => drawn.push(`${text}\n`), clock });
    report(started);
    for (let at = 0; at < 100; at++) {
      clock.advance(10);
      report(progress(at * 1e7));
    }
    report(progress(1e9));

    const bars = drawn.filter((text) => text.includes('█') || text.includes('░'));
    expect(bars.length).toBeLessThanOrEqual(11);
    expect(bars.every((text) => text.startsWith('\r\u001b[K') && !text.includes('\n'))).toBe(true);
    expect(bars.at(-1)).toContain('100%  1.0 GB of 1.0 GB  1.0 GB/s');
  });

  it('writes a line every ten seconds elsewhere', () => {
    const clock = new ManualClock();
    const lines: string[] = [];
    const report = progressReporter({ terminal: undefined, line: (text) => lines.push(text), clock });
    report(started);
    for (let at = 1; at <= 25; at++) {
      clock.advance(1_000);
      report(progress(at * 1e7));
    }
    report({
      kind: 'retry',
      model: 'm',
      file: 'model.onnx',
      reason: 'the connection to the hub was cut',
      delayMs: 2_000,
    });
    report({ kind: 'done', model: 'm', bytes: 1e9, tookMs: 25_400 });

    expect(lines).toEqual([
      'Downloading m from o/m: 2 files, 1.0 GB',
      'm 10%  100 MB of 1.0 GB  10.0 MB/s  2 min left',
      'm 20%  200 MB of 1.0 GB  10.0 MB/s  2 min left',
      'model.onnx: the connection to the hub was cut; trying again in 2 s',
      'Downloaded m: 1.0 GB in 25 s, digests right',
    ]);
  });

  it.each([20, 40, 60, 80, 200])('fits a terminal of %i columns', (columns) => {
    const state = { model: 'xlm-roberta-large-ViT-H-14', bytesDone: 5e8, bytes: 4.79e9, bytesPerSecond: 1e7 };

    expect(progressLine(state, columns).length).toBeLessThan(columns);
  });

  it('counts in powers of 1000', () => {
    expect([0, 999, 1000, 1_234_567, 999_960_000, 3.45e9].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '1.2 MB',
      '1000 MB',
      '3.5 GB',
    ]);
  });
});
