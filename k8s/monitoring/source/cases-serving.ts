import { MODEL, of, POD, requests, type RuleCase, SERVICE } from './rule-case.js';

/** What the alerts on replicas and queue do. */
export const SERVING_CASES: readonly RuleCase[] = [
  {
    alert: 'ClipAbsent',
    name: 'fires when nothing is scraped for five minutes',
    series: { [of('clip_replicas', MODEL)]: '1x3 stale' },
    at: '20m',
    fires: {
      labels: {},
      summary: 'No pod of the service is scraped.',
      description: 'Prometheus has had no metrics of any pod for five minutes: none runs, or none can be reached.',
    },
  },
  {
    alert: 'ClipAbsent',
    name: 'is content with one pod',
    series: { [of('clip_replicas', MODEL)]: '1x30' },
    at: '20m',
  },
  {
    alert: 'ClipNoReadyReplica',
    name: 'fires when no pod has a replica of a model',
    series: {
      [of('clip_replica_up', MODEL)]: '1 0x10',
      [of('clip_replica_up', { ...MODEL, instance: 'clip-1' })]: '0x10',
    },
    at: '5m',
    fires: {
      labels: { ...SERVICE, ...MODEL },
      summary: 'No replica of mini-clip serves.',
      description: 'Every request for the model is answered with unavailable, in all pods of clip.',
    },
  },
  {
    alert: 'ClipNoReadyReplica',
    name: 'does not fire while another pod has one',
    series: {
      [of('clip_replica_up', MODEL)]: '0x10',
      [of('clip_replica_up', { ...MODEL, instance: 'clip-1' })]: '1x10',
    },
    at: '5m',
  },
  {
    alert: 'ClipReplicasMissing',
    name: 'fires when one of two replicas is gone for ten minutes',
    series: { [of('clip_replica_up', MODEL)]: '2 1x20', [of('clip_replicas', MODEL)]: '2x21' },
    at: '15m',
    fires: {
      labels: { ...POD, ...MODEL },
      summary: 'clip-0 lacks replicas of mini-clip.',
      description: 'Only 1 of its replicas have served for ten minutes; the others carry their load.',
    },
  },
  {
    alert: 'ClipReplicasMissing',
    name: 'waits for a replica that is started again',
    series: { [of('clip_replica_up', MODEL)]: '2 1 1 2x20', [of('clip_replicas', MODEL)]: '2x23' },
    at: '15m',
  },
  {
    alert: 'ClipReplicaCrashLoop',
    name: 'fires when a replica dies every minute',
    series: { [of('clip_replica_restarts_total', MODEL)]: '0+1x30' },
    at: '20m',
    fires: {
      labels: { ...POD, ...MODEL },
      summary: 'Replicas of mini-clip die again and again in clip-0.',
      description: '15 times within 15 minutes. The log has what each of them died of.',
    },
  },
  {
    alert: 'ClipReplicaCrashLoop',
    name: 'does not fire for two deaths',
    series: { [of('clip_replica_restarts_total', MODEL)]: '0x5 1x5 2x20' },
    at: '20m',
  },
  {
    alert: 'ClipQueueOld',
    name: 'fires when the oldest item waits for 8 s for five minutes',
    series: { [of('clip_queue_age_seconds', MODEL)]: '8x20' },
    at: '10m',
    fires: {
      labels: { ...SERVICE, ...MODEL },
      summary: 'Requests for mini-clip wait 8s in the queue.',
      description: 'For five minutes the oldest has been waiting for more than 5 s: the replicas cannot keep up.',
    },
  },
  {
    alert: 'ClipQueueOld',
    name: 'does not fire for a burst',
    series: { [of('clip_queue_age_seconds', MODEL)]: '8x3 0x20' },
    at: '10m',
  },
  {
    alert: 'ClipQueueFull',
    name: 'fires when requests are turned away for ten minutes',
    series: { [requests('queue_full')]: '0+60x30' },
    at: '20m',
    fires: {
      labels: SERVICE,
      summary: 'clip turns requests away, its queue is full.',
      description: '1 requests a second for ten minutes.',
    },
  },
  {
    alert: 'ClipQueueFull',
    name: 'does not fire when it was full for a moment',
    series: { [requests('queue_full')]: '0 60x30' },
    at: '20m',
  },
];
