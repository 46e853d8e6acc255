import { statfs } from 'node:fs/promises';
import { DomainError } from '#core';
import type { CachedModel, ModelCache } from './model-cache.js';

/** What a download needs and what may go for it. */
export interface RoomNeeded {
  /** Size of the model that is to come. */
  readonly bytes: number;
  /** How much of it has yet to come. */
  readonly bytesMissing: number;
  /** Most bytes of all models in the cache; undefined: as much as the disk holds. */
  readonly cacheBytesMax: number | undefined;
  readonly onEvicted: (model: CachedModel) => void;
}

/**
 * Removes the models that were not used for longest until the new one fits under the limit; what is in use stays. Rejects
 * with `unavailable` before anything is removed when it cannot fit, or when the disk itself has no room.
 */
export async function makeRoom(cache: ModelCache, need: RoomNeeded): Promise<void> {
  const { bytes, cacheBytesMax = Infinity, onEvicted } = need;
  const models = await cache.list();
  let total = models.reduce((sum, model) => sum + model.bytes, 0);
  const going: CachedModel[] = [];
  for (const model of models) {
    if (total + bytes <= cacheBytesMax) break;
    if (model.isInUse) continue;
    going.push(model);
    total -= model.bytes;
  }
  if (total + bytes > cacheBytesMax) throw noRoom(bytes, cacheBytesMax);
  for (const model of going) {
    await cache.remove(model.name);
    onEvicted(model);
  }
  await checkDisk(cache.root, need.bytesMissing);
}

function noRoom(bytes: number, limit: number): DomainError {
  return new DomainError(
    'unavailable',
    `The model needs ${gigabytes(bytes)}, more than the limit of the model cache (${gigabytes(limit)}) leaves beside the models in use. ` +
      'Raise CAS_MODEL_CACHE_BYTES_MAX.',
  );
}

async function checkDisk(root: string, bytes: number): Promise<void> {
  const free = await statfs(root).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Infinity,
  );
  if (free >= bytes) return;
  throw new DomainError(
    'unavailable',
    `The model needs ${gigabytes(bytes)}, and the disk of the model cache has ${gigabytes(free)} free. Make room, or point CAS_DATA_DIR at a larger disk.`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e9 ? 3 : 1)} GB`;
}
