export { createLog, isPrettyLog, nestLogger, type Log } from './log/log.js';
export { ServiceMetrics, type PoolReading } from './metrics/service-metrics.js';
export { createOpsServer, type OpsRefusal } from './ops/create-ops-server.js';
export { OpsSources, type Readiness, type Startup } from './ops/ops.controller.js';
