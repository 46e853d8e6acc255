import { alert, type RuleGroup } from './rule.js';

const HALF_A_DAY_S = 12 * 3600;
const WEEKS_TWO_S = 14 * 24 * 3600;

const serving: RuleGroup = {
  name: 'clip-serving',
  rules: [
    alert('ClipAbsent', {
      severity: 'critical',
      expr: 'absent(clip_replicas)',
      for: '5m',
      summary: 'No pod of the service is scraped.',
      description: 'Prometheus has had no metrics of any pod for five minutes: none runs, or none can be reached.',
    }),
    alert('ClipNoReadyReplica', {
      severity: 'critical',
      expr: 'sum by (namespace, job, model) (clip_replica_up) == 0',
      for: '2m',
      summary: 'No replica of {{ $labels.model }} serves.',
      description: 'Every request for the model is answered with unavailable, in all pods of {{ $labels.job }}.',
    }),
    alert('ClipReplicasMissing', {
      severity: 'warning',
      expr: 'clip_replica_up < clip_replicas',
      for: '10m',
      summary: '{{ $labels.instance }} lacks replicas of {{ $labels.model }}.',
      description: 'Only {{ $value }} of its replicas have served for ten minutes; the others carry their load.',
    }),
    alert('ClipReplicaCrashLoop', {
      severity: 'critical',
      expr: 'increase(clip_replica_restarts_total[15m]) > 3',
      summary: 'Replicas of {{ $labels.model }} die again and again in {{ $labels.instance }}.',
      description: '{{ $value | humanize }} times within 15 minutes. The log has what each of them died of.',
    }),
    alert('ClipQueueOld', {
      severity: 'warning',
      expr: 'max by (namespace, job, model) (clip_queue_age_seconds) > 5',
      for: '5m',
      summary: 'Requests for {{ $labels.model }} wait {{ $value | humanizeDuration }} in the queue.',
      description: 'For five minutes the oldest has been waiting for more than 5 s: the replicas cannot keep up.',
    }),
    alert('ClipQueueFull', {
      severity: 'warning',
      expr: 'sum by (namespace, job) (rate(clip_requests_total{outcome="queue_full"}[5m])) > 0',
      for: '10m',
      summary: '{{ $labels.job }} turns requests away, its queue is full.',
      description: '{{ $value | humanize }} requests a second for ten minutes.',
    }),
  ],
};

const upkeep: RuleGroup = {
  name: 'clip-upkeep',
  rules: [
    alert('ClipNotReady', {
      severity: 'warning',
      expr: 'clip_ready == 0',
      for: '15m',
      summary: '{{ $labels.instance }} is not ready.',
      description: 'For 15 minutes /health/ready has said no; its answer has the reason.',
    }),
    alert('ClipDatabaseDown', {
      severity: 'critical',
      expr: 'clip_database_up == 0',
      for: '2m',
      summary: '{{ $labels.instance }} cannot ask its database.',
      description: 'Known tokens go on working for a while; new ones do not, and nobody can be changed or counted.',
    }),
    alert('ClipCertificateEnds', {
      severity: 'warning',
      expr: `clip_certificate_expiry_timestamp_seconds - time() < ${WEEKS_TWO_S}`,
      summary: 'The TLS certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}.',
      description: 'It is less than 14 days. New files are taken up without a restart.',
    }),
    alert('ClipCertificateEndsNow', {
      severity: 'critical',
      expr: `clip_certificate_expiry_timestamp_seconds - time() < ${HALF_A_DAY_S}`,
      summary: 'The TLS certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}.',
      description: 'It is less than 12 hours; then no client can connect.',
    }),
    alert('ClipDiskFills', {
      severity: 'warning',
      expr: 'clip_disk_free_bytes / clip_disk_size_bytes < 0.1',
      for: '10m',
      summary: 'The disk of the {{ $labels.folder }} folder has {{ $value | humanizePercentage }} left.',
      description: 'In {{ $labels.instance }}. Models are not downloaded, and usage is not written, when it is full.',
    }),
    alert('ClipAuditChainBroken', {
      severity: 'critical',
      expr: 'clip_audit_chain_intact == 0',
      summary: 'The audit trail that {{ $labels.instance }} checked was changed.',
      description: 'An entry does not match the one before it: somebody wrote to the database by another way.',
    }),
    alert('ClipEventLoopLate', {
      severity: 'warning',
      expr: 'nodejs_eventloop_lag_p99_seconds > 0.5 and on (namespace, job, instance) clip_connections',
      for: '10m',
      summary: '{{ $labels.instance }} gets to its work {{ $value | humanizeDuration }} late.',
      description: 'Its one thread has been too busy for ten minutes: more pods, or fewer, larger requests.',
    }),
    alert('ClipTracesLost', {
      severity: 'info',
      expr: 'sum by (namespace, job, where) (rate(clip_traces_dropped_total{where!="memory"}[15m])) > 0',
      for: '15m',
      summary: 'Traces of {{ $labels.job }} do not reach the {{ $labels.where }}.',
      description: '{{ $value | humanize }} a second. Requests are not affected.',
    }),
  ],
};

/** Alerts on what is the matter right now. */
export const ALERTS: readonly RuleGroup[] = [serving, upkeep];
