import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModelStore, type ModelStore, type ModelStoreOptions, type StoreEvent } from '#models';
import { HubServer } from './hub.js';
import { HurriedClock } from './hurried-clock.js';

/** A hub, an empty machine and any number of stores on it. */
export class StoreBench implements AsyncDisposable {
  readonly clock = new HurriedClock();
  readonly events: StoreEvent[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'cas-store-'));
  readonly modelDir = join(this.folder, 'own');
  readonly dataDir = join(this.folder, 'data');
  private readonly stores: ModelStore[] = [];

  private constructor(readonly hub: HubServer) {}

  static async start(): Promise<StoreBench> {
    return new StoreBench(await HubServer.start());
  }

  store(options: Partial<ModelStoreOptions> = {}): ModelStore {
    const store = createModelStore({
      modelDir: this.modelDir,
      dataDir: this.dataDir,
      hubUrl: this.hub.url,
      offline: false,
      clock: this.clock,
      observe: (event) => void this.events.push(event),
      ...options,
    });
    this.stores.push(store);
    return store;
  }

  /** The pauses before another attempt, in seconds. */
  get retriesAfterS(): number[] {
    return this.events.flatMap((event) => (event.kind === 'retry' ? [event.delayMs / 1000] : []));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.stores.map((store) => store.close()));
    await this.hub[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
