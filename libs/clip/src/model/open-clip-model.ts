import type { ClipModel, ClipModelOptions } from './clip-model.js';
import type { Warn } from './open-towers.js';

/**
 * Loads a model. Rejects with `unavailable` when files are missing or unfit for each other, or when the provider or
 * its device is not there. libvips and ONNX Runtime are loaded with the first model, so that a process which only
 * ranks or lists models never carries them. `warn` hears of what works but is worth an operator's while.
 */
export async function openClipModel(options: ClipModelOptions, warn: Warn = () => undefined): Promise<ClipModel> {
  const { openTwoTowerModel } = await import('./two-tower-model.js');
  return openTwoTowerModel(options, warn);
}
