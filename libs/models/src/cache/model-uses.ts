import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, every, type Repetition } from '#core';

/** Its modification time is the time of the last use. */
const USED_FILE = '.used';
/** Holds one file per process that uses the model; its modification time shows that the process lives. */
const USES = '.uses';
/** How often a process refreshes its uses. */
const REFRESH_EVERY_MS = 60_000;
/** A process that missed three refreshes is gone. */
const IN_USE_MS = 3 * REFRESH_EVERY_MS;

/**
 * Records which processes use the models of a cache. Each process writes a file into the model's folder and refreshes
 * it every minute, so that processes that share the cache see each other's uses. A folder that cannot be written counts
 * as unused.
 */
export class FolderUses {
  constructor(private readonly clock: Clock) {}

  /** Records that `user` uses the model. The record expires three minutes after the last call. Never rejects. */
  async begin(folder: string, user: string): Promise<void> {
    await mkdir(join(folder, USES)).catch(() => undefined);
    const dead = (await this.users(folder)).filter(({ isAlive }) => !isAlive);
    await Promise.all(dead.map(({ file }) => tryToDelete(file)));
    await Promise.all([this.touch(join(folder, USES, user)), this.stamp(folder)]);
  }

  /**
   * Records that `user` no longer uses the model. Never rejects: a file that cannot be deleted expires after three
   * minutes.
   */
  async end(folder: string, user: string): Promise<void> {
    await tryToDelete(join(folder, USES, user));
  }

  async isInUse(folder: string): Promise<boolean> {
    return (await this.users(folder)).some(({ isAlive }) => isAlive);
  }

  /** Returns the time of the last use in milliseconds since 1970; 0 for never. */
  lastMs(folder: string): Promise<number> {
    return timeOf(join(folder, USED_FILE));
  }

  /** Sets the time of the last use to now. */
  stamp(folder: string): Promise<void> {
    return this.touch(join(folder, USED_FILE));
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

  private async touch(file: string): Promise<void> {
    const seconds = this.clock.wallMs() / 1000;
    await writeFile(file, '', { flag: 'a' }).catch(() => undefined);
    await utimes(file, seconds, seconds).catch(() => undefined);
  }
}

async function tryToDelete(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => undefined);
}

function timeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** The models of a cache that this process uses. It refreshes their records until each use is ended. */
export class ModelUses {
  private readonly id = randomUUID();
  /** Folders by model. */
  private readonly folders = new Map<string, string>();
  private refreshing: Repetition | undefined;

  constructor(
    private readonly uses: FolderUses,
    private readonly clock: Clock,
  ) {}

  async begin(model: string, folder: string): Promise<void> {
    this.folders.set(model, folder);
    this.refreshing ??= every(this.clock, REFRESH_EVERY_MS, () => this.refreshAll());
    await this.uses.begin(folder, this.id);
  }

  async end(model: string): Promise<void> {
    const folder = this.folders.get(model);
    this.folders.delete(model);
    if (folder !== undefined) await this.uses.end(folder, this.id);
  }

  async endAll(): Promise<void> {
    void this.refreshing?.stop();
    this.refreshing = undefined;
    await Promise.all([...this.folders.keys()].map((model) => this.end(model)));
  }

  private async refreshAll(): Promise<void> {
    await Promise.all([...this.folders.values()].map((folder) => this.uses.begin(folder, this.id)));
  }
}
