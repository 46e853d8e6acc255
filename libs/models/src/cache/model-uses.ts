import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, every, type Repetition } from '#core';

/** Its time is the last use. */
const USED_FILE = '.used';
/** Holds a file for each process that uses the model; their times say that these live. */
const USES = '.uses';
/** How often a use is said anew. */
const SAY_USE_EVERY_MS = 60_000;
/** Three times unsaid: the process is gone. */
const IN_USE_MS = 3 * SAY_USE_EVERY_MS;

/**
 * Who uses the models of a cache: each process says so in the model's folder, again every minute, so that processes that share
 * the cache see each other's use. A folder that cannot be written is nobody's.
 */
export class FolderUses {
  constructor(private readonly clock: Clock) {}

  /** Says that `user` has the model in use; to be said again every `SAY_USE_EVERY_MS`. Never rejects; what is gone stays away. */
  async say(folder: string, user: string): Promise<void> {
    await mkdir(join(folder, USES)).catch(() => undefined);
    const dead = (await this.users(folder)).filter(({ isAlive }) => !isAlive);
    await Promise.all(dead.map(({ file }) => tryToDelete(file)));
    await Promise.all([this.touch(join(folder, USES, user)), this.stamp(folder)]);
  }

  /** Says that `user` is done with it. Never rejects: what cannot be deleted is forgotten after three minutes. */
  async end(folder: string, user: string): Promise<void> {
    await tryToDelete(join(folder, USES, user));
  }

  async isInUse(folder: string): Promise<boolean> {
    return (await this.users(folder)).some(({ isAlive }) => isAlive);
  }

  /** When somebody last had it in use, in milliseconds since 1970; 0 = never. */
  lastMs(folder: string): Promise<number> {
    return timeOf(join(folder, USED_FILE));
  }

  /** Counts as a use of this moment. */
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

/** The models of a cache that this process has in use; says so in their folders, again and again, until each is ended. */
export class ModelUses {
  private readonly id = randomUUID();
  /** Folders by model. */
  private readonly folders = new Map<string, string>();
  private saying: Repetition | undefined;

  constructor(
    private readonly uses: FolderUses,
    private readonly clock: Clock,
  ) {}

  async begin(model: string, folder: string): Promise<void> {
    this.folders.set(model, folder);
    this.saying ??= every(this.clock, SAY_USE_EVERY_MS, () => this.sayAll());
    await this.uses.say(folder, this.id);
  }

  async end(model: string): Promise<void> {
    const folder = this.folders.get(model);
    this.folders.delete(model);
    if (folder !== undefined) await this.uses.end(folder, this.id);
  }

  async endAll(): Promise<void> {
    void this.saying?.stop();
    this.saying = undefined;
    await Promise.all([...this.folders.keys()].map((model) => this.end(model)));
  }

  private async sayAll(): Promise<void> {
    await Promise.all([...this.folders.values()].map((folder) => this.uses.say(folder, this.id)));
  }
}
