import { randomUUID } from 'node:crypto';
import { type Clock, every, type Repetition } from '#core';
import { type FolderUses, SAY_USE_EVERY_MS } from './folder-uses.js';

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
