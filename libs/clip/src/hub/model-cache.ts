import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#core';
import { type Manifest, readManifest } from './manifest.js';
import { isComplete } from './verify-folder.js';

/** A model in the cache. */
export interface CachedModel {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  /** Size of its files. */
  readonly bytes: number;
  /** When a process last had it in use, in milliseconds since 1970. */
  readonly lastUsedMs: number;
  /** Whether one has it in use now. */
  readonly isInUse: boolean;
}

/** Its time is the last use. */
const USED_FILE = '.used';
/** Holds a file for each process that uses the model; their times say that these live. */
const USES = '.uses';
/** How often a use is said anew. */
export const SAY_USE_EVERY_MS = 60_000;
/** Three times unsaid: the process is gone. */
const IN_USE_MS = 3 * SAY_USE_EVERY_MS;

const PARTIAL = '.partial';
const LOCKS = '.locks';

/**
 * The cache: one folder per model, complete as soon as it is there. What is being downloaded grows in `.partial`. Who uses
 * a model says so in its folder, again every minute, so that processes that share the cache see each other's use.
 */
export class ModelCache {
  constructor(
    readonly root: string,
    private readonly clock: Clock,
  ) {}

  /** The model if it is there whole; sizes are checked, contents are not. */
  async find(name: string): Promise<CachedModel | undefined> {
    const found = await this.read(folderName(name));
    return found && (await isComplete(found.folder, found.manifest)) ? found : undefined;
  }

  /** Every model with a manifest, the longest unused first. */
  async list(): Promise<CachedModel[]> {
    const names = await readdir(this.root).catch((): string[] => []);
    const found = await Promise.all(names.filter((name) => !name.startsWith('.')).map((name) => this.read(name)));
    return found.filter((model) => model !== undefined).sort((a, b) => a.lastUsedMs - b.lastUsedMs);
  }

  /** Where a download of the model grows. A whole or damaged folder of before becomes its start. */
  async startPartial(name: string): Promise<string> {
    const partial = join(this.root, PARTIAL, folderName(name));
    const before = join(this.root, folderName(name));
    await mkdir(join(this.root, PARTIAL), { recursive: true });
    const isThere = await stat(partial).then(
      () => true,
      () => false,
    );
    if (!isThere) await rename(before, partial).catch(() => undefined);
    await rm(before, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    return partial;
  }

  /** Makes a finished download the model, in one step. Where another process was faster, its folder is as good. */
  async finishPartial(name: string): Promise<string> {
    const folder = join(this.root, folderName(name));
    const partial = join(this.root, PARTIAL, folderName(name));
    await rename(partial, folder).catch(async (cause: unknown) => {
      if (!(await this.find(name))) throw cause;
      await rm(partial, { recursive: true, force: true });
    });
    await this.stamp(join(folder, USED_FILE));
    return folder;
  }

  lockFile(name: string): string {
    return join(this.root, LOCKS, folderName(name));
  }

  /** Says that `user` has the model in use; to be said again every `SAY_USE_EVERY_MS`. A folder that cannot be written is none's. */
  async use(folder: string, user: string): Promise<void> {
    await mkdir(join(folder, USES), { recursive: true }).catch(() => undefined);
    await this.forgetTheDead(folder);
    await Promise.all([this.stamp(join(folder, USES, user)), this.stamp(join(folder, USED_FILE))]);
  }

  /** Says that `user` is done with it. */
  async endUse(folder: string, user: string): Promise<void> {
    await rm(join(folder, USES, user), { force: true });
  }

  /** Deletes the model and what there is of a download of it. The folder is out of the way before its files go. */
  async remove(name: string): Promise<void> {
    const partial = join(this.root, PARTIAL, folderName(name));
    const folder = join(this.root, folderName(name));
    await rm(partial, { recursive: true, force: true });
    await mkdir(join(this.root, PARTIAL), { recursive: true });
    await rename(folder, partial).catch(() => undefined);
    await rm(partial, { recursive: true, force: true });
  }

  private async read(directory: string): Promise<CachedModel | undefined> {
    const folder = join(this.root, directory);
    const manifest = await readManifest(folder);
    if (!manifest) return undefined;
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const lastUsedMs = await timeOf(join(folder, USED_FILE));
    return { name: manifest.model, folder, manifest, bytes, lastUsedMs, isInUse: await this.isInUse(folder) };
  }

  private async isInUse(folder: string): Promise<boolean> {
    return (await this.users(folder)).some(({ isAlive }) => isAlive);
  }

  private async forgetTheDead(folder: string): Promise<void> {
    const dead = (await this.users(folder)).filter(({ isAlive }) => !isAlive);
    await Promise.all(dead.map(({ file }) => rm(file, { force: true })));
  }

  private async users(folder: string): Promise<{ file: string; isAlive: boolean }[]> {
    const names = await readdir(join(folder, USES)).catch((): string[] => []);
    return Promise.all(
      names.map(async (name) => {
        const file = join(folder, USES, name);
        return { file, isAlive: this.clock.wallMs() - (await timeOf(file)) < IN_USE_MS };
      }),
    );
  }

  private async stamp(file: string): Promise<void> {
    const seconds = this.clock.wallMs() / 1000;
    await writeFile(file, '', { flag: 'a' }).catch(() => undefined);
    await utimes(file, seconds, seconds).catch(() => undefined);
  }
}

function timeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Model names hold `::` and `/`; the folder's name holds only what every file system takes, and no leading dot. */
export function folderName(model: string): string {
  return encodeURIComponent(model)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\./, '%2E');
}
