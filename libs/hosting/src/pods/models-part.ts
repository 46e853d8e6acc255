import type { PoolSnapshot } from '#inference';
import type { ModelsPart } from '#pods';
import { poolStateOf, type LocalModels } from '#serving';
import type { ModelLogLines } from '../models/model-log-lines.js';

type Served = ModelsPart['served'][number];

/** What a pod tells of the models that it serves. */
export function modelsPart(
  models: Pick<LocalModels, 'pools' | 'leaving' | 'status'>,
  lines: Pick<ModelLogLines, 'of'>,
): ModelsPart {
  const { state, version = null, step = null, reason = null, model = null, sinceMs } = models.status();
  const [first] = models.pools();
  return {
    ...{ state, version, step, reason, model, sinceMs },
    lines: reason === null || model === null ? [] : [...lines.of(model)],
    served: [
      ...models.pools().map((pool) => servedModel(pool, poolStateOf(pool), pool.model === first?.model)),
      ...models.leaving().map((pool) => servedModel(pool, 'leaving', false)),
    ],
  };
}

function servedModel(
  { model: name, replicas, itemsPerSecond }: PoolSnapshot,
  state: Served['state'],
  isDefault: boolean,
): Served {
  const staying = replicas.filter((replica) => replica.state !== 'stopping');
  return {
    ...{ name, isDefault, state, replicas: staying.length, devices: staying.map(({ device }) => device) },
    replicasReady: staying.filter((replica) => replica.state === 'ready').length,
    textsPerSecond: itemsPerSecond.textual ?? null,
    imagesPerSecond: itemsPerSecond.visual ?? null,
  };
}
