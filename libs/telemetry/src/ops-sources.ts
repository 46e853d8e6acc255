import type { ServiceMetrics } from './service-metrics.js';

/** `database` says what is wrong with the database, of which most requests need nothing. */
export type Readiness = { ready: true; database?: string } | { ready: false; reason: string };

/** What the ops port shows. A class, so that it is its own injection token. */
export class OpsSources {
  constructor(
    readonly metrics: ServiceMetrics,
    readonly readiness: () => Readiness,
  ) {}
}
