/** What both schemas of the dashboard share. */
export const DASHBOARD = {
  /** Of the address in Grafana: `/d/clip-as-service`. */
  uid: 'clip-as-service',
  title: 'CLIP-as-service',
  description: 'What callers see, and why: docs/observability.md',
  tags: ['clip-as-service'],
  from: 'now-1h',
  to: 'now',
  refresh: '30s',
} as const;

/** The source of data that the reader chooses; the same file serves every Grafana. */
export const DATASOURCE = 'datasource';

/** The choices above the dashboard, by what they are read from. */
export const CHOICES = [
  { name: 'job', label: 'Service', query: 'label_values(clip_replicas, job)' },
  { name: 'instance', label: 'Pod', query: 'label_values(clip_replicas{job=~"$job"}, instance)' },
  { name: 'model', label: 'Model', query: 'label_values(clip_replicas{job=~"$job"}, model)' },
] as const;

/** The name of the `index`-th query of a panel: A, B, … */
export function refIdOf(index: number): string {
  return String.fromCharCode(65 + index);
}
