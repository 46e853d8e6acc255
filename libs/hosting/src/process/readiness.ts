import { every, type Clock } from '#core';
import type { Readiness as ReadinessNow } from '#telemetry';

const FOLLOW_MS = 500;

/** As much of the pools as readiness asks. */
export interface HealthSource {
  /** Health of each model, by name, the default model first. */
  health(): ReadonlyMap<string, { readonly ready: boolean }>;
}

/**
 * Whether this process should get requests: the default model serves, and nobody has asked the process to stop. The
 * failure of another model must not take all models out of service.
 */
export class Readiness {
  private stopping = false;

  /** @param databaseProblem why the database cannot be asked; undefined while it can */
  constructor(
    private readonly registry: () => HealthSource | undefined,
    private readonly databaseProblem: () => string | undefined = () => undefined,
  ) {}

  now(): ReadinessNow {
    if (this.stopping) return { ready: false, reason: 'shutting down' };
    const registry = this.registry();
    if (!registry) return { ready: false, reason: 'loading the model' };
    const [first] = registry.health();
    const database = this.databaseProblem();
    // Without a database the models serve whoever is known; the admin API does nothing.
    if (!first && database !== undefined) return { ready: false, reason: database };
    if (!first || first[1].ready) return database === undefined ? { ready: true } : { ready: true, database };
    return { ready: false, reason: `no replica of ${first[0]} passed a forward run in the last 10 s` };
  }

  stop(): void {
    this.stopping = true;
  }

  /**
   * Tells `listener` now and every half second whether the process is ready, until the function it returns is called.
   */
  follow(clock: Clock, listener: (ready: boolean) => void): () => void {
    const notify = (): void => listener(this.now().ready);
    notify();
    const following = every(clock, FOLLOW_MS, notify);
    return () => void following.stop();
  }
}
