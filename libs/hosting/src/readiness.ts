import type { Clock } from '#core';
import type { Readiness as ReadinessNow } from '#telemetry';

const FOLLOW_MS = 500;

/** As much of the pools as readiness asks. */
export interface HealthSource {
  /** Health of each model, by name. */
  health(): ReadonlyMap<string, { readonly ready: boolean }>;
}

/** Whether this process should get requests: the models serve and nobody has asked it to stop. */
export class Readiness {
  private stopping = false;

  constructor(private readonly registry: () => HealthSource | undefined) {}

  now(): ReadinessNow {
    if (this.stopping) return { ready: false, reason: 'shutting down' };
    const registry = this.registry();
    if (!registry) return { ready: false, reason: 'loading the model' };
    const [failing] = [...registry.health()].filter(([, health]) => !health.ready);
    if (!failing) return { ready: true };
    return { ready: false, reason: `no replica of ${failing[0]} passed a forward run in the last 10 s` };
  }

  stop(): void {
    this.stopping = true;
  }

  /** Tells `listener` now and then whether the process is ready; the answer ends it. */
  follow(clock: Clock, listener: (ready: boolean) => void): () => void {
    let cancel: () => void = () => undefined;
    const tell = (): void => {
      listener(this.now().ready);
      cancel = clock.after(FOLLOW_MS, tell);
    };
    tell();
    return () => cancel();
  }
}
