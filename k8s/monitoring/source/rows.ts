import { ENGINE_ROWS } from './engine-rows.js';
import type { Row } from './panel.js';
import { REQUEST_ROWS } from './request-rows.js';

/** All rows of the dashboard, in the order in which one looks: what callers see first, then its causes. */
export const ROWS: readonly Row[] = [
  REQUEST_ROWS.overview,
  REQUEST_ROWS.traffic,
  REQUEST_ROWS.errors,
  ENGINE_ROWS.queue,
  ENGINE_ROWS.batches,
  ENGINE_ROWS.replicas,
  ENGINE_ROWS.sources,
  REQUEST_ROWS.limits,
  ENGINE_ROWS.processes,
];
