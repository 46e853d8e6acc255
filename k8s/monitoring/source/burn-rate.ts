import { type AlertRule, alert, type RecordingRule, type RuleGroup, type Severity } from './rule.js';
import { FAILED } from './service-errors.js';

/** A promise to callers: at most this share of requests may break it, over 30 days. */
interface Objective {
  /** The word of the recorded series: `clip_requests_WORD:ratio_rate5m`. */
  readonly word: string;
  readonly alert: string;
  /** Its budget, as a share of all requests. */
  readonly budget: number;
  /** The rate of requests that break it, over a window, by service. */
  readonly broken: (window: string) => string;
  /** What breaks it, for people. */
  readonly what: string;
}

const BY = 'by (namespace, job)';

/**
 * 99.9 % of requests are not failed by the service, and 99 % of all take a second at most. The bound is written `1` by
 * the service, and `1.0` by Prometheus 3, which normalizes it.
 */
const OBJECTIVES: readonly Objective[] = [
  {
    word: 'failed',
    alert: 'ClipAvailabilityBudgetBurns',
    budget: 0.001,
    broken: (window) => `sum ${BY} (rate(clip_requests_total{${FAILED}}[${window}]))`,
    what: 'fail by the fault of the service',
  },
  {
    word: 'slow',
    alert: 'ClipLatencyBudgetBurns',
    budget: 0.01,
    broken: (window) =>
      `sum ${BY} (rate(clip_request_duration_seconds_count[${window}])) - ` +
      `sum ${BY} (rate(clip_request_duration_seconds_bucket{le=~"1|1[.]0"}[${window}]))`,
    what: 'take more than a second',
  },
];

/**
 * The two speeds of Google's SRE workbook ("Alerting on SLOs", table 5-8): 14.4 uses up 2 % of a month's budget in an
 * hour, 6 uses up 5 % in six hours. The short window ends the alert soon after the trouble.
 */
const SPEEDS: readonly {
  name: string;
  factor: number;
  long: string;
  short: string;
  for: string;
  severity: Severity;
}[] = [
  { name: 'Fast', factor: 14.4, long: '1h', short: '5m', for: '2m', severity: 'critical' },
  { name: 'Slow', factor: 6, long: '6h', short: '30m', for: '15m', severity: 'warning' },
];

/** Below one request in 100 s a single failure would be an alert. */
const REQUESTS_PER_SECOND_MIN = 0.01;

/** Shares of requests over each window, and the alerts on how fast the budgets burn. */
export function burnRates(): RuleGroup[] {
  const windows = SPEEDS.flatMap(({ long, short }) => [short, long]);
  return [
    { name: 'clip-slo-ratios', rules: windows.flatMap((window) => recorded(window)) },
    { name: 'clip-slo', rules: OBJECTIVES.flatMap((objective) => SPEEDS.map((speed) => burning(objective, speed))) },
  ];
}

function recorded(window: string): RecordingRule[] {
  const all = `sum ${BY} (rate(clip_requests_total[${window}]))`;
  return OBJECTIVES.map(({ word, broken }) => ({
    record: `job:clip_requests_${word}:ratio_rate${window}`,
    // A service without a single failure has no series of failures: 0, not nothing.
    expr: `((${broken(window)}) or 0 * ${all}) / (${all} > ${REQUESTS_PER_SECOND_MIN})`,
  }));
}

function burning({ word, alert: name, budget, what }: Objective, speed: (typeof SPEEDS)[number]): AlertRule {
  const bound = Number((speed.factor * budget).toFixed(6));
  const over = (window: string): string => `job:clip_requests_${word}:ratio_rate${window} > ${bound}`;
  return alert(`${name}${speed.name}`, {
    severity: speed.severity,
    expr: `${over(speed.long)} and ${over(speed.short)}`,
    for: speed.for,
    summary: `{{ $value | humanizePercentage }} of requests to {{ $labels.job }} ${what}.`,
    description:
      `Over ${speed.long} and over ${speed.short}; ${budget * 100} % are promised over 30 days, and at this rate the ` +
      `promise is used up ${speed.factor} times as fast.`,
  });
}
