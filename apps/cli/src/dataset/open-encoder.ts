import type { Command } from 'commander';
import type { VectorEncoder } from '#dataset';
import { IMAGE_LIMITS_DEFAULT } from '#clip';
import { systemClock } from '#core';
import type { CommandTools } from '../command-tools.js';
import { localModel } from '../models/local-model.js';
import { onModelStore } from '../models/on-model-store.js';
import type { DatasetOptions } from './dataset-options.js';

const DEFAULT_MODEL = 'mini-clip';

/**
 * Opens what encodes: the model in this process, or with `--server` a running service. In this process one number
 * bounds memory, nothing travels, and a worker needs nothing beside it; a service is for a GPU that others use too.
 *
 * @throws DomainError `not_found` when the model is not on this machine; what the encoders throw
 */
export async function openEncoder(
  command: Command,
  tools: CommandTools,
  { server, model, device, threads }: DatasetOptions,
): Promise<VectorEncoder> {
  const { openEmbeddedEncoder, openServerEncoder } = await import('#dataset');
  if (server !== undefined) {
    const token = tools.surroundings.env.CLIP_AUTH_TOKEN;
    return openServerEncoder({ url: server, token, model, clock: systemClock });
  }
  const { parseDevice } = await import('#inference');
  const provider = parseDevice(device);
  return onModelStore(command, tools, async (store) => {
    const { folder, name } = await localModel(store, model ?? DEFAULT_MODEL);
    return openEmbeddedEncoder({ folder, name, threads, provider, imageLimits: IMAGE_LIMITS_DEFAULT });
  });
}
