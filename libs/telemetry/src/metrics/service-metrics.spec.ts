import { describe, expect, it } from 'vitest';
import type { ModelReading, PoolReading } from './pool-metrics.js';
import { ServiceMetrics } from './service-metrics.js';

const buildReading = (changes: Partial<PoolReading> = {}): PoolReading => ({
  model: 'a',
  queueItems: 3,
  queueBytes: 40,
  queueRequests: 2,
  queueAgeMs: 1_500,
  replicasUp: 1,
  replicas: 2,
  processes: [{ replica: 'a/0', device: 'cpu', rssBytes: 900 }],
  ...changes,
});

const buildMetrics = (pools: () => PoolReading[] = () => [], models: ModelReading[] = []): ServiceMetrics =>
  new ServiceMetrics({ pools, models: () => models });

/** The samples of our own instruments, one a line, as Prometheus reads them. */
async function samples(metrics: ServiceMetrics): Promise<string[]> {
  const page = await metrics.registry.metrics();
  return page.split('\n').filter((line) => line.startsWith('clip_'));
}

describe('ServiceMetrics', () => {
  it('reads the pools at the moment that it is asked, in base units', async () => {
    const readings = [buildReading()];
    const metrics = buildMetrics(() => readings);
    readings[0] = buildReading({ queueItems: 5 });
    expect((await samples(metrics)).filter((line) => line.includes('"a"'))).toEqual([
      'clip_queue_depth{model="a"} 5',
      'clip_queue_bytes{model="a"} 40',
      'clip_requests_queued{model="a"} 2',
      'clip_queue_age_seconds{model="a"} 1.5',
      'clip_replica_up{model="a"} 1',
      'clip_replicas{model="a"} 2',
      'clip_replica_memory_bytes{model="a",replica="a/0",device="cpu"} 900',
    ]);
  });

  it('shows a model no more once it is not served', async () => {
    let readings = [buildReading(), buildReading({ model: 'b' })];
    const metrics = buildMetrics(() => readings);
    expect((await samples(metrics)).filter((line) => line.includes('"b"'))).toHaveLength(7);
    readings = [buildReading()];
    expect((await samples(metrics)).filter((line) => line.includes('"b"'))).toEqual([]);
  });

  it('says what the models take and give', async () => {
    const metrics = buildMetrics(() => [], [{ model: 'a', dimension: 512, imageSize: 224, contextLength: 77 }]);
    const line = 'clip_model_info{model="a",dimension="512",image_size="224",context_length="77"} 1';
    expect(await samples(metrics)).toContain(line);
  });

  it('counts requests, their items and their duration in seconds', async () => {
    const metrics = buildMetrics();
    const request = { protocol: 'http', operation: 'rank', outcome: 'ok', items: 4, durationMs: 20 };
    metrics.requests.onRequest(request);
    metrics.requests.onRequest({ ...request, outcome: 'queue_full' });
    metrics.requests.onFirstByte('http', 1.5);
    const lines = await samples(metrics);
    expect(lines).toContain('clip_requests_total{protocol="http",operation="rank",outcome="ok"} 1');
    expect(lines).toContain('clip_requests_total{protocol="http",operation="rank",outcome="queue_full"} 1');
    expect(lines).toContain('clip_items_total{protocol="http",operation="rank"} 8');
    expect(lines).toContain('clip_request_duration_seconds_sum{protocol="http",operation="rank"} 0.04');
    expect(lines).toContain('clip_time_to_first_byte_seconds_bucket{le="0.0025",protocol="http"} 1');
  });

  it('counts who was rejected by reason, whether anything of the request was read or not', async () => {
    const metrics = buildMetrics();
    const request = { protocol: 'grpc', operation: 'encode', items: 1, durationMs: 1 };
    for (const outcome of ['ok', 'queue_full', 'item_failed', 'model_unknown']) {
      metrics.requests.onRequest({ ...request, outcome });
    }
    metrics.requests.onRefusedCaller('grpc', 'unauthenticated');
    expect((await samples(metrics)).filter((line) => line.startsWith('clip_rejected_total'))).toEqual([
      'clip_rejected_total{protocol="grpc",reason="queue_full"} 1',
      'clip_rejected_total{protocol="grpc",reason="unauthenticated"} 1',
    ]);
  });

  it('counts batches by model and tower, why they left and how full they were, and restarts by model', async () => {
    const metrics = buildMetrics();
    const times = { queueMs: 1, prepareMs: 2, runMs: 500 };
    metrics.batches.onBatch({ model: 'a', tower: 'visual', size: 16, itemsMax: 32, reason: 'waited', ...times });
    metrics.pools.onRestart('a');
    const lines = await samples(metrics);
    expect(lines).toContain('clip_batch_size_sum{model="a",tower="visual"} 16');
    expect(lines).toContain('clip_batch_fill_ratio_sum{model="a",tower="visual"} 0.5');
    expect(lines).toContain('clip_batches_total{model="a",tower="visual",reason="waited"} 1');
    expect(lines).toContain('clip_inference_seconds_sum{model="a",tower="visual"} 0.5');
    expect(lines).toContain('clip_replica_restarts_total{model="a"} 1');
  });

  it('counts what the cache had and had not by model and modality, and shows its size', async () => {
    const metrics = buildMetrics();
    metrics.cache.onCacheHit('a', 'text');
    metrics.cache.onCacheHit('a', 'text');
    metrics.cache.onCacheMiss('a', 'image');
    metrics.cache.onCacheSize(3, 7);
    const lines = await samples(metrics);
    expect(lines).toContain('clip_cache_hits_total{model="a",modality="text"} 2');
    expect(lines).toContain('clip_cache_misses_total{model="a",modality="image"} 1');
    expect(lines).toContain('clip_cache_bytes 7');
    expect(lines).toContain('clip_cache_entries 3');
  });

  it('counts fetches by how they ended, and refusals by reason', async () => {
    const metrics = buildMetrics();
    metrics.fetches.onFetch({ outcome: 'timeout', reason: 'timeout', durationMs: 10_000 });
    metrics.fetches.onFetch({ outcome: 'refused', reason: 'address', durationMs: 1 });
    const lines = await samples(metrics);
    expect(lines).toContain('clip_fetch_duration_seconds_bucket{le="10",outcome="timeout"} 1');
    expect(lines.filter((line) => line.startsWith('clip_fetch_refused_total'))).toEqual([
      'clip_fetch_refused_total{reason="address"} 1',
    ]);
  });

  it('has no sample of what nobody has told it', async () => {
    const lines = await samples(buildMetrics());
    for (const name of ['ready', 'audit_chain_intact', 'certificate_expiry_timestamp_seconds', 'disk_free_bytes']) {
      expect(lines.filter((line) => line.startsWith(`clip_${name}`))).toEqual([]);
    }
  });

  it('shows what the process stands on', async () => {
    const metrics = buildMetrics();
    const found: { isIntact?: boolean } = {};
    metrics.health.followReady(() => false);
    metrics.health.followAuditChain(() => found.isIntact);
    metrics.health.followCertificate(() => 1_900_000_000_500);
    metrics.health.followDisks(() => [{ folder: 'data', freeBytes: 5, sizeBytes: 9 }]);
    const before = await samples(metrics);
    expect(before.filter((line) => line.startsWith('clip_audit_chain_intact'))).toEqual([]);
    found.isIntact = true;
    const lines = await samples(metrics);
    expect(lines).toContain('clip_ready 0');
    expect(lines).toContain('clip_audit_chain_intact 1');
    expect(lines).toContain('clip_certificate_expiry_timestamp_seconds 1900000000.5');
    expect(lines).toContain('clip_disk_free_bytes{folder="data"} 5');
    expect(lines).toContain('clip_disk_size_bytes{folder="data"} 9');
  });

  it('counts what telemetry keeps and lets go', async () => {
    const metrics = buildMetrics();
    metrics.telemetry.onTrace('no');
    metrics.telemetry.onTraceDropped('exporter', 3);
    metrics.telemetry.onLogLinesDropped(2);
    const lines = await samples(metrics);
    expect(lines).toContain('clip_traces_total{kept="no"} 1');
    expect(lines).toContain('clip_traces_dropped_total{where="exporter"} 3');
    expect(lines).toContain('clip_log_lines_dropped_total 2');
  });

  it('shows the cards where there are some, and of each what the driver says', async () => {
    const metrics = buildMetrics();
    const card = { device: 'cuda:0', memoryUsedBytes: 10, memoryTotalBytes: 40, utilizationRatio: undefined };
    metrics.devices.followCards(() => Promise.resolve([card]));
    expect((await samples(metrics)).filter((line) => line.startsWith('clip_device'))).toEqual([
      'clip_device_memory_used_bytes{device="cuda:0"} 10',
      'clip_device_memory_total_bytes{device="cuda:0"} 40',
    ]);
  });

  it('keeps two services in one process apart', async () => {
    const [one, other] = [buildMetrics(), buildMetrics()];
    one.pools.onRestart('a');
    expect((await samples(other)).filter((line) => line.startsWith('clip_replica_restarts_total{'))).toEqual([]);
  });
});
