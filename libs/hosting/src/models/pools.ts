import { availableParallelism } from 'node:os';
import { systemClock } from '#core';
import type { Settings } from '#config';
import {
  POOL_DEFAULTS,
  type DesiredModel,
  type ServingDefaults,
  type PoolOptions,
  type PoolRegistry,
} from '#inference';
import type { MinuteRecorder } from '#metering';
import type { ModelLogLines } from './model-log-lines.js';
import type { ReplicaHistory } from '../pods/replica-history.js';
import type { Log, ModelSource, PoolReading, ServiceMetrics } from '#telemetry';

/** Where the files of models are. */
export interface ModelFolders {
  /** The folder of a model, which is brought here first where it has to be; an abort ends that. */
  folderOf(name: string, signal?: AbortSignal): Promise<string>;
  /** Nobody here uses the files any more. */
  release(name: string): Promise<void>;
}

/** What the settings say of all models, where a model does not say otherwise. */
export function servingDefaults({ batchItemsMax, replicaRssBytesMax: rssBytesMax }: Settings): ServingDefaults {
  return { cores: availableParallelism(), batchItemsMax, rssBytesMax };
}

/** The one model that the settings ask for. */
export function modelsOf({ model: name, replicas, devices }: Settings): DesiredModel[] {
  return [{ name, replicas, devices, isDefault: true }];
}

/** How a model is served, with its events counted and logged. An abort ends the download of its files. */
export async function poolOptions(
  { name, replicas, devices, ...limits }: DesiredModel,
  parts: {
    settings: Settings;
    metrics: ServiceMetrics;
    log: Log;
    folders: ModelFolders;
    lines: Pick<ModelLogLines, 'note'>;
    history: ReplicaHistory;
    minutes: Pick<MinuteRecorder, 'onBatch'>;
  },
  signal?: AbortSignal,
): Promise<PoolOptions> {
  const { settings, metrics, log, folders, lines, history, minutes } = parts;
  const { cores, batchItemsMax, rssBytesMax } = { ...servingDefaults(settings), ...limits };
  const restartsSeen = new Map<string, number>();
  return {
    ...POOL_DEFAULTS,
    ...{ name, replicas, devices, cores, batchItemsMax },
    ...(rssBytesMax === undefined ? {} : { rssBytesMax }),
    folder: await folders.folderOf(name, signal),
    queueItemsMax: settings.queueItemsMax,
    queueBytesMax: settings.queueBytesMax,
    runMsMax: settings.runMsMax,
    imageLimits: { bytesMax: settings.imageBytesMax, pixelsMax: settings.imagePixelsMax },
    clock: systemClock,
    log: (entry) => {
      const { level, text, model, replica } = entry;
      log[level]({ model, replica }, `replica: ${text}`);
      lines.note(entry);
      history.onLine(entry);
    },
    observer: {
      onBatch: (batch) => {
        metrics.batches.onBatch(batch);
        history.onBatch(batch);
        minutes.onBatch(batch);
      },
      onBatchLost: (batch) => history.onBatchLost(batch),
      onReplicaState: ({ model, name: replica, restarts }) => {
        if (restarts > (restartsSeen.get(replica) ?? 0)) metrics.pools.onRestart(model);
        restartsSeen.set(replica, restarts);
      },
    },
  };
}

/** The models of `registry` as the gauges show them; none before there is one. */
export function modelSource(registry: () => PoolRegistry | undefined): ModelSource {
  return {
    pools: () => poolReadings(registry()),
    models: () =>
      registry()
        ?.list()
        .map(({ name: model, ...info }) => ({ model, ...info })) ?? [],
  };
}

function poolReadings(registry: PoolRegistry | undefined): PoolReading[] {
  return (registry?.snapshot() ?? []).map(({ model, queue, replicas }) => ({
    model,
    queueItems: queue.items,
    queueBytes: queue.bytes,
    queueRequests: queue.requests,
    queueAgeMs: queue.oldestAgeMs,
    replicasUp: replicas.filter((replica) => replica.state === 'ready').length,
    replicas: replicas.filter((replica) => replica.state !== 'stopping').length,
    processes: replicas.map(({ name, device, rssBytes }) => ({ replica: name, device, rssBytes })),
  }));
}
