import { join } from 'node:path';
import { systemClock } from '#core';
import type { Settings } from '#config';
import { POOL_DEFAULTS, type PoolOptions, type PoolRegistry } from '#inference';
import type { Log, PoolReading, ServiceMetrics } from '#telemetry';

/** How the configured model is served, with its events counted and logged. */
export function poolOptions(settings: Settings, metrics: ServiceMetrics, log: Log): PoolOptions {
  const restartsSeen = new Map<string, number>();
  return {
    ...POOL_DEFAULTS,
    name: settings.model,
    folder: join(settings.modelDir, settings.model),
    replicas: settings.replicas,
    devices: settings.devices,
    batchItemsMax: settings.batchItemsMax,
    queueItemsMax: settings.queueItemsMax,
    queueBytesMax: settings.queueBytesMax,
    runMsMax: settings.runMsMax,
    imageLimits: { bytesMax: settings.imageBytesMax, pixelsMax: settings.imagePixelsMax },
    clock: systemClock,
    log: ({ level, text, model, replica }) => log[level]({ model, replica }, `replica: ${text}`),
    observer: {
      onBatch: (batch) => metrics.onBatch(batch.model, batch),
      onReplicaState: ({ model, name, restarts }) => {
        if (restarts > (restartsSeen.get(name) ?? 0)) metrics.onRestart(model);
        restartsSeen.set(name, restarts);
      },
    },
  };
}

/** The pools as the gauges show them. */
export function poolReadings(registry: PoolRegistry): PoolReading[] {
  return registry.snapshot().map(({ model, queue, replicas }) => ({
    model,
    queueItems: queue.items,
    queueBytes: queue.bytes,
    queueAgeMs: queue.oldestAgeMs,
    replicasUp: replicas.filter((replica) => replica.state === 'ready').length,
    replicas: replicas.length,
  }));
}
