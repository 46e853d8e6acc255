import { of, requests, type RuleCase, SERVICE } from './rule-case.js';

const quick = (le: string): string =>
  of('clip_request_duration_seconds_bucket', { protocol: 'http', operation: 'encode', le });
const finished = of('clip_request_duration_seconds_count', { protocol: 'http', operation: 'encode' });

/** What the alerts on the error budgets do. */
export const BURN_RATE_CASES: readonly RuleCase[] = [
  {
    alert: 'ClipAvailabilityBudgetBurnsFast',
    name: 'fires when two in a hundred requests fail for an hour',
    series: { [requests('ok')]: '0+980x90', [requests('replica_lost')]: '0+20x90' },
    at: '80m',
    fires: {
      labels: SERVICE,
      summary: '2% of requests to clip fail by the fault of the service.',
      description:
        'Over 1h and over 5m; 0.1 % are promised over 30 days, and at this rate the promise is used up 14.4 times as fast.',
    },
  },
  {
    alert: 'ClipAvailabilityBudgetBurnsFast',
    name: 'leaves out what callers did wrong',
    series: {
      [requests('ok')]: '0+500x90',
      [requests('rate_limited')]: '0+400x90',
      [requests('item_failed')]: '0+100x90',
    },
    at: '80m',
  },
  {
    alert: 'ClipAvailabilityBudgetBurnsFast',
    name: 'ends five minutes after the trouble',
    series: { [requests('ok')]: '0+980x90', [requests('internal')]: '0+20x70 1400x20' },
    at: '80m',
  },
  {
    alert: 'ClipAvailabilityBudgetBurnsFast',
    name: 'does not fire for the one failure of a quiet night',
    series: { [requests('ok')]: '0 0 0 1x87', [requests('internal')]: '0 0 1x88' },
    at: '6m',
  },
  {
    alert: 'ClipAvailabilityBudgetBurnsSlow',
    name: 'fires when one in a hundred requests fails for six hours',
    series: { [requests('ok')]: '0+990x400', [requests('queue_full')]: '0+10x400' },
    at: '390m',
    fires: {
      labels: SERVICE,
      summary: '1% of requests to clip fail by the fault of the service.',
      description:
        'Over 6h and over 30m; 0.1 % are promised over 30 days, and at this rate the promise is used up 6 times as fast.',
    },
  },
  {
    alert: 'ClipAvailabilityBudgetBurnsSlow',
    name: 'does not fire within the budget',
    series: { [requests('ok')]: '0+9990x400', [requests('internal')]: '0+10x400' },
    at: '390m',
  },
  {
    alert: 'ClipLatencyBudgetBurnsFast',
    name: 'fires when one in five requests takes more than a second',
    series: { [requests('ok')]: '0+1000x90', [finished]: '0+1000x90', [quick('1')]: '0+800x90' },
    at: '80m',
    fires: {
      labels: SERVICE,
      summary: '20% of requests to clip take more than a second.',
      description:
        'Over 1h and over 5m; 1 % are promised over 30 days, and at this rate the promise is used up 14.4 times as fast.',
    },
  },
  {
    alert: 'ClipLatencyBudgetBurnsFast',
    name: 'reads the bound as Prometheus 3 writes it',
    series: { [requests('ok')]: '0+1000x90', [finished]: '0+1000x90', [quick('1.0')]: '0+995x90' },
    at: '80m',
  },
  {
    alert: 'ClipLatencyBudgetBurnsSlow',
    name: 'fires when one in ten requests takes more than a second for hours',
    series: { [requests('ok')]: '0+1000x400', [finished]: '0+1000x400', [quick('1')]: '0+900x400' },
    at: '390m',
    fires: {
      labels: SERVICE,
      summary: '10% of requests to clip take more than a second.',
      description:
        'Over 6h and over 30m; 1 % are promised over 30 days, and at this rate the promise is used up 6 times as fast.',
    },
  },
  {
    alert: 'ClipLatencyBudgetBurnsSlow',
    name: 'does not fire within the budget',
    series: { [requests('ok')]: '0+1000x400', [finished]: '0+1000x400', [quick('1')]: '0+991x400' },
    at: '390m',
  },
];
