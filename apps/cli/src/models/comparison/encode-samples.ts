import type { ClipModel, ClipModelOptions } from '#clip';
import { type Clock, DomainError, type Tower } from '#core';
import type { Sample } from './fixed-samples.js';
import type { Samples } from './samples.js';

/** The samples of one tower, encoded by one model. */
export interface TowerRun {
  /** In the samples' order. */
  readonly vectors: readonly Float32Array[];
  /** Measured in this process, one batch after another, with decoding and tokenizing. */
  readonly itemsPerSecond: number;
}

/** A CPU gains nothing from larger batches. */
const BATCH = 16;
/** All samples are encoded again until this much time has passed, so that a fast model is measured too. */
const MEASURED_MS_MIN = 1_000;

/**
 * Opens a model, warms it up, encodes all samples with it and closes it.
 *
 * @throws DomainError `unavailable` when the model cannot be loaded or computes values that are not finite; a sample's
 * own error when that cannot be encoded
 */
export async function encodeSamples(
  options: ClipModelOptions,
  samples: Samples,
  clock: Clock,
): Promise<Readonly<Record<Tower, TowerRun>>> {
  const { openClipModel } = await import('#clip');
  const model = await openClipModel(options);
  try {
    await model.warmUp({ itemsMax: BATCH });
    return {
      textual: await runTower(model, samples.textual, clock),
      visual: await runTower(model, samples.visual, clock),
    };
  } finally {
    await model.close();
  }
}

async function runTower(model: ClipModel, samples: readonly Sample[], clock: Clock): Promise<TowerRun> {
  const startedAt = clock.now();
  const vectors = await encodeAll(model, samples);
  let encoded = samples.length;
  while (clock.now() - startedAt < MEASURED_MS_MIN) {
    await encodeAll(model, samples);
    encoded += samples.length;
  }
  return { vectors, itemsPerSecond: (encoded / (clock.now() - startedAt)) * 1000 };
}

async function encodeAll(model: ClipModel, samples: readonly Sample[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < samples.length; start += BATCH) {
    const batch = samples.slice(start, start + BATCH);
    const results = await model.run(await model.prepare(batch.map(({ item }) => item)));
    results.forEach((result, at) => {
      const label = batch[at]?.label ?? '';
      if (!result.ok)
        throw new DomainError(result.error.code, `${label}: ${result.error.message}`, { cause: result.error });
      if (!result.embedding.every(Number.isFinite)) throw notFinite(model.info.name, label);
      vectors.push(result.embedding);
    });
  }
  return vectors;
}

/** Half precision ends at 65,504: a model made for more overflows. */
function notFinite(name: string, label: string): DomainError {
  return new DomainError(
    'unavailable',
    `The model ${name} computes values that are infinite or not numbers for ${label}. An fp16 file may do so where the model's own ` +
      'values grow too large for half precision: take another variant.',
  );
}
