/** How soon somebody must look: at once, by day, or when there is time. */
export type Severity = 'critical' | 'warning' | 'info';

/** A rule that computes a series under a name of its own, `level:metric:operation`. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** A rule that tells people, in the form of Prometheus. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold, such as `5m`; at once when left out. */
  readonly for?: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
}

/** Rules that are evaluated one after the other. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (RecordingRule | AlertRule)[];
}

interface Alert {
  readonly severity: Severity;
  readonly expr: string;
  readonly for?: string;
  /** What is the matter, in one line. */
  readonly summary: string;
  /** What it means, with figures. */
  readonly description: string;
}

/** The page that has a chapter for each alert, named as the alert is. */
const RUNBOOK = 'docs/observability.md';

/** An alert with a link to its chapter. */
export function alert(name: string, { severity, summary, description, ...rule }: Alert): AlertRule {
  const runbook_url = `${RUNBOOK}#${name.toLowerCase()}`;
  return { alert: name, ...rule, labels: { severity }, annotations: { summary, description, runbook_url } };
}
