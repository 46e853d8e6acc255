export { createLog, isPrettyLog, nestLogger, type Log } from './log/log.js';
export type { CardReading } from './metrics/device-metrics.js';
export type { DiskReading } from './metrics/health-metrics.js';
export type { ModelSource, PoolReading } from './metrics/pool-metrics.js';
export { ServiceMetrics } from './metrics/service-metrics.js';
export { createOpsServer, type OpsRefusal } from './ops/create-ops-server.js';
export { OpsSources, type Readiness, type Startup } from './ops/ops.controller.js';
