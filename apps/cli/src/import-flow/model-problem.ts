import { readModelInfo } from '#clip';
import { createModelStore, findInCatalogue } from '#models';
import type { Settings } from '#config';
import { DomainError } from '#core';

/** What keeps the service from starting with the model of these settings, in words. Nothing is downloaded. */
export async function modelProblem(settings: Settings): Promise<string | undefined> {
  const { model } = settings;
  const isOnHub = model.startsWith('hub:') || findInCatalogue(model)?.entry.repository !== undefined;
  const store = createModelStore({ ...settings, offline: true });
  try {
    const folder = (await store.find(model))?.folder ?? (isOnHub ? undefined : await store.folderOf(model));
    if (folder !== undefined) await readModelInfo(folder, model);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof DomainError) return thrown.message;
    throw thrown;
  } finally {
    await store.close();
  }
}
