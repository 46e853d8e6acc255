import type { ServiceMetrics } from './service-metrics.js';

export type Readiness = { ready: true } | { ready: false; reason: string };

/** What the ops port shows. A class, so that it is its own injection token. */
export class OpsSources {
  constructor(
    readonly metrics: ServiceMetrics,
    readonly readiness: () => Readiness,
  ) {}
}
