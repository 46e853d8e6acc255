import { canonicalName } from '#models';
import type { ModelFolders } from './pools.js';

/**
 * Folders of models, and which of them this process may be using: all that it ever asked for, whether the model was served
 * in the end or not, until they are released. Files belong to a model, whichever of its names it is served by.
 */
export class UsedFolders implements ModelFolders {
  private readonly used = new Set<string>();

  constructor(private readonly folders: ModelFolders) {}

  async folderOf(name: string, signal?: AbortSignal): Promise<string> {
    this.used.add(canonicalName(name));
    return this.folders.folderOf(name, signal);
  }

  async release(name: string): Promise<void> {
    this.used.delete(canonicalName(name));
    await this.folders.release(name);
  }

  /** Lets the files of all models but `served` leave the cache. Never rejects: what cannot be released stays in the cache. */
  async releaseAllBut(served: readonly string[]): Promise<void> {
    const kept = new Set(served.map(canonicalName));
    const unused = [...this.used].filter((model) => !kept.has(model));
    await Promise.allSettled(unused.map((model) => this.release(model)));
  }
}
