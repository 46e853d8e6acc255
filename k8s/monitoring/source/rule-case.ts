/** Series played to the rules, and what one alert does at a moment. */
export interface RuleCase {
  readonly alert: string;
  readonly name: string;
  /** In promtool's notation: `0+60x10` is 0, 60, … 600, a value a minute. */
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** Its labels beside the severity, and its words; left out where it does not fire. */
  readonly fires?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly summary: string;
    readonly description: string;
  };
}

export const POD = { namespace: 'search', job: 'clip', instance: 'clip-0' };
export const SERVICE = { namespace: 'search', job: 'clip' };
export const MODEL = { model: 'mini-clip' };

/** A series of the pod, with more labels. */
export function of(name: string, more: Readonly<Record<string, string>> = {}): string {
  const labels = Object.entries({ ...POD, ...more }).map(([label, value]) => `${label}="${value}"`);
  return `${name}{${labels.join(',')}}`;
}

/** Finished requests of the pod that ended with `outcome`. */
export function requests(outcome: string): string {
  return of('clip_requests_total', { protocol: 'http', operation: 'encode', outcome });
}
