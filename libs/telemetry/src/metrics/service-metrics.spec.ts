import { describe, expect, it } from 'vitest';
import { type PoolReading, ServiceMetrics } from './service-metrics.js';

const buildReading = (changes: Partial<PoolReading> = {}): PoolReading => ({
  model: 'a',
  queueItems: 3,
  queueBytes: 40,
  queueAgeMs: 1_500,
  replicasUp: 1,
  replicas: 2,
  ...changes,
});

/** The samples of our own instruments, one a line, as Prometheus reads them. */
async function samples(metrics: ServiceMetrics): Promise<string[]> {
  const page = await metrics.registry.metrics();
  return page.split('\n').filter((line) => line.startsWith('clip_'));
}

describe('ServiceMetrics', () => {
  it('reads the pools at the moment that it is asked, in base units', async () => {
    const readings = [buildReading()];
    const metrics = new ServiceMetrics(() => readings);
    readings[0] = buildReading({ queueItems: 5 });
    expect((await samples(metrics)).filter((line) => line.includes('"a"'))).toEqual([
      'clip_queue_depth{model="a"} 5',
      'clip_queue_bytes{model="a"} 40',
      'clip_queue_age_seconds{model="a"} 1.5',
      'clip_replica_up{model="a"} 1',
      'clip_replicas{model="a"} 2',
    ]);
  });

  it('shows a model no more once it is not served', async () => {
    let readings = [buildReading(), buildReading({ model: 'b' })];
    const metrics = new ServiceMetrics(() => readings);
    expect((await samples(metrics)).filter((line) => line.includes('"b"'))).toHaveLength(5);
    readings = [buildReading()];
    expect((await samples(metrics)).filter((line) => line.includes('"b"'))).toEqual([]);
  });

  it('counts requests, their items and their duration in seconds', async () => {
    const metrics = new ServiceMetrics(() => []);
    const request = { protocol: 'http', operation: 'rank', outcome: 'ok', items: 4, durationMs: 20 };
    metrics.onRequest(request);
    metrics.onRequest({ ...request, outcome: 'queue_full' });
    const lines = await samples(metrics);
    expect(lines).toContain('clip_requests_total{protocol="http",operation="rank",outcome="ok"} 1');
    expect(lines).toContain('clip_requests_total{protocol="http",operation="rank",outcome="queue_full"} 1');
    expect(lines).toContain('clip_items_total{protocol="http",operation="rank"} 8');
    expect(lines).toContain('clip_request_duration_seconds_sum{protocol="http",operation="rank"} 0.04');
  });

  it('counts batches by model and tower, and restarts by model', async () => {
    const metrics = new ServiceMetrics(() => []);
    metrics.onBatch('a', { tower: 'visual', size: 16, queueMs: 1, prepareMs: 2, runMs: 500 });
    metrics.onRestart('a');
    const lines = await samples(metrics);
    expect(lines).toContain('clip_batch_size_sum{model="a",tower="visual"} 16');
    expect(lines).toContain('clip_inference_seconds_sum{model="a",tower="visual"} 0.5');
    expect(lines).toContain('clip_replica_restarts_total{model="a"} 1');
  });

  it('counts what the cache had and had not by model and modality, and shows its size', async () => {
    const metrics = new ServiceMetrics(() => []);
    metrics.onCacheHit('a', 'text');
    metrics.onCacheHit('a', 'text');
    metrics.onCacheMiss('a', 'image');
    metrics.onCacheBytes(7);
    const lines = await samples(metrics);
    expect(lines).toContain('clip_cache_hits_total{model="a",modality="text"} 2');
    expect(lines).toContain('clip_cache_misses_total{model="a",modality="image"} 1');
    expect(lines).toContain('clip_cache_bytes 7');
  });

  it('keeps two services in one process apart', async () => {
    const [one, other] = [new ServiceMetrics(() => []), new ServiceMetrics(() => [])];
    one.onRestart('a');
    expect((await samples(other)).filter((line) => line.startsWith('clip_replica_restarts_total{'))).toEqual([]);
  });
});
