import type { LocalModel, ModelStore } from '#models';
import { DomainError } from '#core';

/**
 * A model that is on this machine.
 *
 * @throws DomainError `not_found` with how to get it
 */
export async function localModel(store: ModelStore, name: string): Promise<LocalModel> {
  const found = await store.find(name);
  if (found) return found;
  throw new DomainError(
    'not_found',
    `The model ${name} is not on this machine: it is neither a folder in CAS_MODEL_DIR nor in the cache. Download it with "cas models pull".`,
  );
}
