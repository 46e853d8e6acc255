import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, DomainError, makeFolder } from '#core';
import { isLocked } from './folder-lock.js';
import { isComplete, type Manifest, readManifest } from './manifest.js';
import { FolderUses } from './model-uses.js';

/** A model in the cache. */
export interface CachedModel {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  /** Size of its files. */
  readonly bytes: number;
  /** When a process last used it, in milliseconds since 1970. */
  readonly lastUsedMs: number;
  /** Whether a process uses it now. */
  readonly isInUse: boolean;
}

/** A download that has not ended, or broke off. */
export interface PartialDownload {
  readonly name: string;
  /** How much of it is on the disk. */
  readonly bytes: number;
  /** Whether a process downloads it now; else it broke off. */
  readonly isRunning: boolean;
}

const PARTIAL = '.partial';
const LOCKS = '.locks';

/** The cache: one folder per model, complete as soon as it exists. Downloads grow in `.partial`. */
export class ModelCache {
  readonly uses: FolderUses;

  constructor(
    readonly root: string,
    private readonly clock: Clock,
  ) {
    this.uses = new FolderUses(clock);
  }

  /** Makes the cache's folder if it is missing. Rejects with `unavailable` when it cannot be made. */
  async prepare(): Promise<void> {
    await makeFolder(this.root).catch((err: unknown) => {
      throw new DomainError(
        'unavailable',
        'Models cannot be kept in the data folder. Set CAS_DATA_DIR to a folder that this user may write.',
        { internal: String(err), cause: err },
      );
    });
  }

  /** Finds a model whose files are all there. Checks sizes, not contents. */
  async find(name: string): Promise<CachedModel | undefined> {
    const found = await this.read(folderName(name));
    return found && (await isComplete(found.folder, found.manifest)) ? found : undefined;
  }

  /** Lists every model with a manifest, the longest unused first. */
  async list(): Promise<CachedModel[]> {
    const names = await readdir(this.root).catch((): string[] => []);
    const found = await Promise.all(names.filter((name) => !name.startsWith('.')).map((name) => this.read(name)));
    return found.filter((model) => model !== undefined).sort((a, b) => a.lastUsedMs - b.lastUsedMs);
  }

  /** Lists every download that runs, or that broke off and left something. */
  async partials(): Promise<PartialDownload[]> {
    const directories = await readdir(join(this.root, PARTIAL)).catch((): string[] => []);
    const found = directories.map(async (directory) => {
      const name = modelNameOf(directory);
      const bytes = await bytesIn(join(this.root, PARTIAL, directory));
      return { name, bytes, isRunning: await isLocked(this.lockFile(name), this.clock) };
    });
    return (await Promise.all(found)).filter(({ bytes, isRunning }) => bytes > 0 || isRunning);
  }

  /**
   * Makes the folder in which a download grows. An earlier folder of the model, whole or damaged, becomes its start.
   */
  async startPartial(name: string): Promise<string> {
    const partial = join(this.root, PARTIAL, folderName(name));
    const before = join(this.root, folderName(name));
    await makeFolder(join(this.root, PARTIAL));
    const isThere = await stat(partial).then(
      () => true,
      () => false,
    );
    if (!isThere) await rename(before, partial).catch(() => undefined);
    await rm(before, { recursive: true, force: true });
    await makeFolder(partial);
    return partial;
  }

  /**
   * Moves a finished download to its place, in one step. If another process was faster, its folder stays and this one
   * goes.
   */
  async finishPartial(name: string): Promise<string> {
    const folder = join(this.root, folderName(name));
    const partial = join(this.root, PARTIAL, folderName(name));
    await rename(partial, folder).catch(async () => {
      if (await this.find(name)) return rm(partial, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder);
    });
    await this.uses.stamp(folder);
    return folder;
  }

  lockFile(name: string): string {
    return join(this.root, LOCKS, folderName(name));
  }

  /** Deletes the model and any download of it. The folder is moved away first, so that nobody finds half of it. */
  async remove(name: string): Promise<void> {
    await this.removePartial(name);
    await makeFolder(join(this.root, PARTIAL));
    await rename(join(this.root, folderName(name)), join(this.root, PARTIAL, folderName(name))).catch(() => undefined);
    await this.removePartial(name);
  }

  /** Deletes any download of the model, but not the model. */
  async removePartial(name: string): Promise<void> {
    await rm(join(this.root, PARTIAL, folderName(name)), { recursive: true, force: true });
  }

  private async read(directory: string): Promise<CachedModel | undefined> {
    const folder = join(this.root, directory);
    const manifest = await readManifest(folder);
    if (!manifest) return undefined;
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const [lastUsedMs, isInUse] = await Promise.all([this.uses.lastMs(folder), this.uses.isInUse(folder)]);
    return { name: manifest.model, folder, manifest, bytes, lastUsedMs, isInUse };
  }
}

/** Model names hold `::` and `/`; the folder's name holds only what every file system takes, and no leading dot. */
function folderName(model: string): string {
  return encodeURIComponent(model)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\./, '%2E');
}

function modelNameOf(folder: string): string {
  try {
    return decodeURIComponent(folder);
  } catch {
    return folder;
  }
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = files.map((file) =>
    stat(file).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
