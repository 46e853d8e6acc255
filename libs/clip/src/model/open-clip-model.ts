import type { ClipModel, ClipModelOptions } from './clip-model.js';
import type { Warn } from './open-towers.js';

/**
 * Loads a model. libvips and ONNX Runtime are loaded with the first model, so that a process that only ranks or lists
 * models never holds them. `warn` gets what works but what an operator should know. Rejects with `unavailable` when
 * files are missing or do not fit each other, or when the provider or its device is missing.
 *
 * @example
 * const imageLimits = IMAGE_LIMITS_DEFAULT;
 * const model = await openClipModel({ folder, name: 'mini-clip', threads: 2, provider: 'cpu', imageLimits });
 */
export async function openClipModel(options: ClipModelOptions, warn: Warn = () => undefined): Promise<ClipModel> {
  const { openTwoTowerModel } = await import('./two-tower-model.js');
  return openTwoTowerModel(options, warn);
}
