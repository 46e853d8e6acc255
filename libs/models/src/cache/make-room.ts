import { statfs } from 'node:fs/promises';
import { DomainError } from '#core';
import type { ModelCache } from './model-cache.js';

/** The room that a download needs, and the limit. */
export interface RoomNeeded {
  readonly model: string;
  /** Size of the whole model. */
  readonly bytes: number;
  /** How much of it is still to be downloaded. */
  readonly bytesMissing: number;
  /** Most bytes of all models and unfinished downloads in the cache; undefined for as much as the disk holds. */
  readonly cacheBytesMax: number | undefined;
  readonly onEvicted: (gone: Evicted) => void;
}

/** What was removed: a model, or an unfinished download of one. */
export interface Evicted {
  readonly name: string;
  readonly bytes: number;
  readonly wasWhole: boolean;
}

/**
 * Removes downloads that broke off, then the models that were unused for longest, until the new model fits under the
 * limit. It keeps models in use and downloads that run. Rejects with `unavailable`, before it removes anything, when
 * the model cannot fit, and afterwards when the disk itself has no room.
 */
export async function makeRoom(cache: ModelCache, need: RoomNeeded): Promise<void> {
  const { bytes, cacheBytesMax = Infinity, onEvicted } = need;
  const { stays, mayGo } = await contentOf(cache, need.model);
  let total = mayGo.reduce((sum, each) => sum + each.bytes, stays);
  const going: Evicted[] = [];
  for (const each of mayGo) {
    if (total + bytes <= cacheBytesMax) break;
    going.push(each);
    total -= each.bytes;
  }
  if (total + bytes > cacheBytesMax) throw noRoom(bytes, cacheBytesMax);
  for (const each of going) {
    await (each.wasWhole ? cache.remove(each.name) : cache.removePartial(each.name));
    onEvicted(each);
  }
  await checkDisk(cache.root, need.bytesMissing);
}

/** Returns how many bytes must stay and what may go, first to last. The download of `model` itself does not count. */
async function contentOf(cache: ModelCache, model: string): Promise<{ stays: number; mayGo: Evicted[] }> {
  const partials = (await cache.partials()).filter(({ name }) => name !== model);
  const all = [
    ...partials.map(({ name, bytes, isRunning }) => ({ name, bytes, wasWhole: false, isBusy: isRunning })),
    ...(await cache.list()).map(({ name, bytes, isInUse }) => ({ name, bytes, wasWhole: true, isBusy: isInUse })),
  ];
  const stays = all.reduce((sum, { bytes, isBusy }) => sum + (isBusy ? bytes : 0), 0);
  const mayGo = all.filter(({ isBusy }) => !isBusy).map(({ name, bytes, wasWhole }) => ({ name, bytes, wasWhole }));
  return { stays, mayGo };
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
