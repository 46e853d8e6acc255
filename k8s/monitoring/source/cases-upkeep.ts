import { of, POD, type RuleCase, SERVICE } from './rule-case.js';

/** What the alerts on what the service stands on do. */
export const UPKEEP_CASES: readonly RuleCase[] = [
  {
    alert: 'ClipNotReady',
    name: 'fires when a pod is not ready for a quarter of an hour',
    series: { [of('clip_ready')]: '1 0x30' },
    at: '20m',
    fires: {
      labels: POD,
      summary: 'clip-0 is not ready.',
      description: 'For 15 minutes /health/ready has said no; its answer has the reason.',
    },
  },
  {
    alert: 'ClipNotReady',
    name: 'gives a start its time',
    series: { [of('clip_ready')]: '0x10 1x20' },
    at: '20m',
  },
  {
    alert: 'ClipDatabaseDown',
    name: 'fires after two minutes',
    series: { [of('clip_database_up')]: '1 0x10' },
    at: '5m',
    fires: {
      labels: POD,
      summary: 'clip-0 cannot ask its database.',
      description: 'Known tokens go on working for a while; new ones do not, and nobody can be changed or counted.',
    },
  },
  {
    alert: 'ClipDatabaseDown',
    name: 'does not fire for a short break',
    series: { [of('clip_database_up')]: '1 0 1x10' },
    at: '5m',
  },
  {
    alert: 'ClipCertificateEnds',
    name: 'fires a week before the end',
    series: { [of('clip_certificate_expiry_timestamp_seconds')]: '604860x10' },
    at: '1m',
    fires: {
      labels: POD,
      summary: 'The TLS certificate of clip-0 ends in 7d 0h 0m 0s.',
      description: 'It is less than 14 days. New files are taken up without a restart.',
    },
  },
  {
    alert: 'ClipCertificateEnds',
    name: 'does not fire with a month to go',
    series: { [of('clip_certificate_expiry_timestamp_seconds')]: '2592000x10' },
    at: '1m',
  },
  {
    alert: 'ClipCertificateEndsNow',
    name: 'fires with an hour to go',
    series: { [of('clip_certificate_expiry_timestamp_seconds')]: '3660x10' },
    at: '1m',
    fires: {
      labels: POD,
      summary: 'The TLS certificate of clip-0 ends in 1h 0m 0s.',
      description: 'It is less than 12 hours; then no client can connect.',
    },
  },
  {
    alert: 'ClipCertificateEndsNow',
    name: 'leaves a week to the warning',
    series: { [of('clip_certificate_expiry_timestamp_seconds')]: '604860x10' },
    at: '1m',
  },
  {
    alert: 'ClipDiskFills',
    name: 'fires when a twentieth is left',
    series: {
      [of('clip_disk_free_bytes', { folder: 'data' })]: '5x20',
      [of('clip_disk_size_bytes', { folder: 'data' })]: '100x20',
    },
    at: '15m',
    fires: {
      labels: { ...POD, folder: 'data' },
      summary: 'The disk of the data folder has 5% left.',
      description: 'In clip-0. Models are not downloaded, and usage is not written, when it is full.',
    },
  },
  {
    alert: 'ClipDiskFills',
    name: 'does not fire with a fifth free',
    series: {
      [of('clip_disk_free_bytes', { folder: 'data' })]: '20x20',
      [of('clip_disk_size_bytes', { folder: 'data' })]: '100x20',
    },
    at: '15m',
  },
  {
    alert: 'ClipAuditChainBroken',
    name: 'fires at once',
    series: { [of('clip_audit_chain_intact')]: '1 0' },
    at: '1m',
    fires: {
      labels: POD,
      summary: 'The audit trail that clip-0 checked was changed.',
      description: 'An entry does not match the one before it: somebody wrote to the database by another way.',
    },
  },
  {
    alert: 'ClipAuditChainBroken',
    name: 'does not fire while the chain is whole',
    series: { [of('clip_audit_chain_intact')]: '1x10' },
    at: '10m',
  },
  {
    alert: 'ClipEventLoopLate',
    name: 'fires when the process is late for ten minutes',
    series: { [of('nodejs_eventloop_lag_p99_seconds')]: '0.8x20', [of('clip_connections')]: '3x20' },
    at: '15m',
    fires: {
      labels: POD,
      summary: 'clip-0 gets to its work 800ms late.',
      description: 'Its one thread has been too busy for ten minutes: more pods, or fewer, larger requests.',
    },
  },
  {
    alert: 'ClipEventLoopLate',
    name: "leaves out other programs of Node's",
    series: { [of('nodejs_eventloop_lag_p99_seconds')]: '0.8x20' },
    at: '15m',
  },
  {
    alert: 'ClipTracesLost',
    name: 'fires when the exporter loses traces for a quarter of an hour',
    series: { [of('clip_traces_dropped_total', { where: 'exporter' })]: '0+120x60' },
    at: '45m',
    fires: {
      labels: { ...SERVICE, where: 'exporter' },
      summary: 'Traces of clip do not reach the exporter.',
      description: '2 a second. Requests are not affected.',
    },
  },
  {
    alert: 'ClipTracesLost',
    name: 'leaves out what made room in memory, which is as it should be',
    series: { [of('clip_traces_dropped_total', { where: 'memory' })]: '0+120x60' },
    at: '45m',
  },
];
