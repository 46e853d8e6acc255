import * as sdk from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { Instruments } from './instruments.js';
import { toMetricData, type Period } from './metric-data.js';

const PERIOD: Period = { startTime: [1, 0], endTime: [2, 0] };

/** The only metric of a registry, as OpenTelemetry has it. */
async function onlyOf({ registry }: Instruments): Promise<sdk.MetricData> {
  const [metric] = await registry.getMetricsAsJSON();
  if (!metric) throw new Error('the registry is empty');
  return toMetricData(metric, PERIOD, sdk);
}

describe("an instrument in OpenTelemetry's form", () => {
  it('is a sum that only grows, for a counter', async () => {
    const instruments = new Instruments();
    instruments.counter('clip_items_total', 'Items.', ['protocol']).inc({ protocol: 'http' }, 3);
    expect(await onlyOf(instruments)).toMatchObject({
      descriptor: { name: 'clip_items_total', description: 'Items.', unit: '' },
      dataPointType: sdk.DataPointType.SUM,
      aggregationTemporality: sdk.AggregationTemporality.CUMULATIVE,
      isMonotonic: true,
      dataPoints: [{ ...PERIOD, attributes: { protocol: 'http' }, value: 3 }],
    });
  });

  it('is a gauge with its unit, for a gauge', async () => {
    const instruments = new Instruments();
    instruments.followed('clip_cache_bytes', 'Memory.')(() => 7);
    expect(await onlyOf(instruments)).toMatchObject({
      descriptor: { unit: 'By' },
      dataPointType: sdk.DataPointType.GAUGE,
      dataPoints: [{ attributes: {}, value: 7 }],
    });
  });

  it('is a histogram with a count for each bucket, one point for each set of labels', async () => {
    const instruments = new Instruments();
    const histogram = instruments.histogram('clip_wait_seconds', 'Wait.', ['model'], [1, 2]);
    for (const value of [0.5, 1, 1.5, 9]) histogram.observe({ model: 'a' }, value);
    histogram.observe({ model: 'b' }, 3);
    expect(await onlyOf(instruments)).toMatchObject({
      descriptor: { unit: 's' },
      dataPointType: sdk.DataPointType.HISTOGRAM,
      dataPoints: [
        {
          attributes: { model: 'a' },
          value: { buckets: { boundaries: [1, 2], counts: [2, 1, 1] }, sum: 12, count: 4 },
        },
        { attributes: { model: 'b' }, value: { buckets: { boundaries: [1, 2], counts: [0, 0, 1] }, sum: 3, count: 1 } },
      ],
    });
  });
});
