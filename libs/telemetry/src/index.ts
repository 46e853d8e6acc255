export { createLog, isPrettyLog, nestLogger, type Log } from './log.js';
export { createOpsServer, type OpsRefusal } from './create-ops-server.js';
export { OpsSources, type Readiness } from './ops.controller.js';
export { ServiceMetrics, type PoolReading } from './service-metrics.js';
