import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { ServiceMetrics } from './service-metrics.js';

const CLASSIC = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const TRACE_ID = 'a'.repeat(32);

/** A process that has served a request of each kind. */
function usedMetrics(): ServiceMetrics {
  const metrics = new ServiceMetrics({ pools: () => [], models: () => [] });
  const request = { protocol: 'http', operation: 'rank', items: 1, durationMs: 20 };
  metrics.requests.onRequest({ ...request, outcome: 'ok' });
  metrics.requests.onTrace({ ...request, traceId: TRACE_ID });
  metrics.requests.onTrace({ ...request, operation: 'never counted', traceId: TRACE_ID });
  metrics.requests.onRequest({ ...request, outcome: 'queue_full', durationMs: 200 });
  const batch = { model: 'a', tower: 'textual', size: 3, itemsMax: 8, reason: 'idle_replica' } as const;
  metrics.batches.onBatch({ ...batch, queueMs: 1, prepareMs: 1, runMs: 1 });
  const time = { model: 'a', tower: 'textual', durationMs: 1, traceId: TRACE_ID };
  metrics.batches.onTracedWait(time);
  metrics.batches.onTracedRun(time);
  metrics.telemetry.onTrace('slow');
  return metrics;
}

/** The names of the families, as the lines of their types say them. */
const families = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('# TYPE'));

describe('the form of the metrics', () => {
  let metrics: ServiceMetrics;
  beforeAll(() => {
    metrics = usedMetrics();
    return () => metrics.close();
  });

  it.each([
    ['none', undefined, CLASSIC],
    ['anything', '*/*', CLASSIC],
    ['a page', 'text/html,application/xhtml+xml,*/*;q=0.8', CLASSIC],
    ['OpenMetrics', 'application/openmetrics-text', OPEN],
    ['OpenMetrics as curl users write it', 'application/openmetrics-text; version=1.0.0, */*', OPEN],
    [
      'what Prometheus asks for',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,' +
        'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,/;q=0.1',
      OPEN,
    ],
    ['both, classic liked better', 'application/openmetrics-text;q=0.4, text/plain;q=0.5', CLASSIC],
    ['both, OpenMetrics liked better than anything', 'application/openmetrics-text;q=0.4, */*;q=0.1', OPEN],
    ['OpenMetrics never', 'application/openmetrics-text;q=0, */*', CLASSIC],
    ['a version that there is not', 'application/openmetrics-text;version=2.0.0', CLASSIC],
    ['in capitals', 'Application/OpenMetrics-Text;Version=1.0.0', OPEN],
    ['nonsense', ';;q=,,=', CLASSIC],
  ])('%s: is what the caller asks for', async (_, accept, contentType) => {
    expect((await metrics.page(accept)).contentType).toBe(contentType);
  });

  it('is the same after one was asked for in the other', async () => {
    const before = families((await metrics.page()).text);
    const open = families((await metrics.page(OPEN)).text);
    expect(families((await metrics.page()).text)).toEqual(before);
    expect(families((await metrics.page(OPEN)).text)).toEqual(open);
    expect(open).toHaveLength(before.length);
    expect(before).toContain('# TYPE clip_requests_total counter');
    expect(open).toContain('# TYPE clip_requests counter');
  });

  it('names the traces of kept requests in OpenMetrics, and has no exemplars in the classic text', async () => {
    const open = (await metrics.page(OPEN)).text;
    for (const [name, bound] of [
      ['clip_request_duration_seconds', '0.025'],
      ['clip_queue_wait_seconds', '0.001'],
      ['clip_inference_seconds', '0.001'],
    ] as const) {
      const line = open.split('\n').find((one) => one.startsWith(`${name}_bucket{le="${bound}"`));
      expect(line, name).toContain(`# {trace_id="${TRACE_ID}"}`);
    }
    expect(open.match(/trace_id/g)).toHaveLength(3);
    expect((await metrics.page()).text).not.toContain('trace_id');
  });

  it.skipIf(!process.env['CI'] && spawnSync('promtool', ['--version']).error)(
    'is read by Prometheus without a complaint of ours',
    async () => {
      const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: (await metrics.page()).text });
      const complaints = `${stdout}${stderr}`.split('\n').filter((line) => !/^(nodejs|process)_|^$/.test(line));
      expect(complaints).toEqual([]);
    },
  );
});
