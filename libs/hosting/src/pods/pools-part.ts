import type { PoolPart, PoolsPart, ReplicaPart } from '#pods';
import type { ServedModels } from '../models/served-models.js';
import type { PastRun, ReplicaHistory } from './replica-history.js';

const POOLS_MAX = 50;
const REPLICAS_MAX = 64;

type Detail = ReturnType<ServedModels['registry']['detail']>[number];

/** What a pod tells of its models, their queues and their replicas. */
export function poolsPart({ registry }: ServedModels, history: ReplicaHistory): PoolsPart {
  const shapes = new Map(registry.actual().map((shape) => [shape.name, shape]));
  return registry
    .detail()
    .slice(0, POOLS_MAX)
    .map((pool) => {
      const shape = pool.isLeaving ? undefined : shapes.get(pool.model);
      return {
        ...{ model: pool.model, isLeaving: pool.isLeaving, isDefault: shape?.isDefault ?? false },
        ...{ batchItemsMax: shape?.batchItemsMax ?? null, rssBytesMax: shape?.rssBytesMax ?? null },
        queue: queuePart(pool),
        replicas: pool.replicas
          .toSorted(byName)
          .slice(0, REPLICAS_MAX)
          .map((replica) => replicaPart(replica, history)),
      };
    });
}

/** By the number at the end of its name: one that was started anew keeps its place. */
function byName(a: Detail['replicas'][number], b: Detail['replicas'][number]): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}

function queuePart({ queue: { byPriority, byPrincipal, ages, ...queue } }: Detail): PoolPart['queue'] {
  return { ...queue, ...byPriority, byPrincipal: [...byPrincipal], ages: [...ages] };
}

function replicaPart(replica: Detail['replicas'][number], history: ReplicaHistory): ReplicaPart {
  const { name, device, state, reason, sinceMs, rssBytes, restarts, itemsInFlight, held } = replica;
  const { runs, lines } = history.of(name);
  return {
    ...{ name, device, state, reason: reason ?? null, sinceMs, rssBytes: rssBytes ?? null, restarts, itemsInFlight },
    held: [...held],
    runs: runs.map(runPart),
    lines: [...lines],
  };
}

function runPart({
  itemsMax,
  reason,
  queueMs,
  prepareMs,
  runMs,
  batchId,
  ...run
}: PastRun): ReplicaPart['runs'][number] {
  return {
    ...run,
    ...{ itemsMax: itemsMax ?? null, reason: reason ?? null, batchId: batchId ?? null },
    ...{ queueMs: queueMs ?? null, prepareMs: prepareMs ?? null, runMs: runMs ?? null },
  };
}
