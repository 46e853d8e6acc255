import { CHOSEN, maxOf, quantile, quantiles, type Row, rateOf, sumOf, sumRate } from './panel.js';
import { FAILED } from './service-errors.js';

/** 0, not nothing, where none failed. */
const failedShare = (by: readonly string[]): string => {
  const all = sumRate('clip_requests_total', by);
  return `(${sumRate('clip_requests_total', by, `${CHOSEN}, ${FAILED}`)} or 0 * ${all}) / ${all}`;
};

const overview: Row = {
  title: 'Overview',
  panels: [
    {
      title: 'Requests',
      description: 'Finished requests of every protocol a second.',
      unit: 'reqps',
      kind: 'stat',
      queries: [{ expr: sumRate('clip_requests_total', []), legend: 'requests' }],
    },
    {
      title: 'Served',
      description: 'The share of requests that the service did not fail. Mistakes of callers count as served.',
      unit: 'percentunit',
      kind: 'stat',
      queries: [{ expr: `1 - ${failedShare([])}`, legend: 'served' }],
    },
    {
      title: 'Slowest in a hundred',
      description: 'Ninety-nine of a hundred requests take less, from arrival to answer.',
      unit: 's',
      kind: 'stat',
      queries: [{ expr: quantile(0.99, 'clip_request_duration_seconds'), legend: 'p99' }],
    },
    {
      title: 'Pods ready',
      description: 'Pods whose /health/ready says yes.',
      unit: 'short',
      kind: 'stat',
      queries: [{ expr: sumOf('clip_ready', []), legend: 'ready' }],
    },
  ],
};

const traffic: Row = {
  title: 'Traffic and latency',
  panels: [
    {
      title: 'Requests by protocol and operation',
      description: 'Finished requests a second, whatever their outcome. A message of a stream is a request.',
      unit: 'reqps',
      queries: [
        { expr: sumRate('clip_requests_total', ['protocol', 'operation']), legend: '{{protocol}} {{operation}}' },
      ],
    },
    {
      title: 'Items',
      description: 'Texts and pictures a second, of finished requests.',
      unit: 'short',
      queries: [{ expr: sumRate('clip_items_total', ['protocol', 'operation']), legend: '{{protocol}} {{operation}}' }],
    },
    {
      title: 'Requests under way',
      description: 'Requests in the pipeline at this moment.',
      unit: 'short',
      queries: [{ expr: sumOf('clip_requests_running', ['protocol']), legend: '{{protocol}}' }],
    },
    {
      title: 'Latency',
      description: 'From arrival to answer, of all requests together.',
      unit: 's',
      queries: quantiles('clip_request_duration_seconds'),
    },
    {
      title: 'Latency by protocol and operation, p95',
      description: 'Where it rises for one operation alone, look at its batches; for all, look at the queue.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.95, 'clip_request_duration_seconds', ['protocol', 'operation']),
          legend: '{{protocol}} {{operation}}',
        },
      ],
    },
    {
      title: 'Time to the first byte, p95',
      description: "From the request's head to the first byte of the answer's body.",
      unit: 's',
      queries: [{ expr: quantile(0.95, 'clip_time_to_first_byte_seconds', ['protocol']), legend: '{{protocol}}' }],
    },
    {
      title: 'Connections',
      description: 'Connections that are open, of every protocol.',
      unit: 'short',
      queries: [{ expr: sumOf('clip_connections', ['instance']), legend: '{{instance}}' }],
    },
    {
      title: 'Bytes under way',
      description: 'What all messages hold while they come and until they are answered.',
      unit: 'bytes',
      queries: [{ expr: sumOf('clip_in_flight_bytes', ['instance']), legend: '{{instance}}' }],
    },
  ],
};

const limits: Row = {
  title: 'Tokens and limits',
  panels: [
    {
      title: 'Rejected by reason',
      description: 'Requests refused before any work: `rate_limited` is the caller, `queue_full` the service.',
      unit: 'reqps',
      queries: [{ expr: sumRate('clip_rejected_total', ['reason']), legend: '{{reason}}' }],
    },
    {
      title: 'Callers refused',
      description: 'Callers whose credentials were refused, before a request was read.',
      unit: 'reqps',
      queries: [
        { expr: sumRate('clip_refused_callers_total', ['protocol', 'reason']), legend: '{{protocol}} {{reason}}' },
      ],
    },
    {
      title: 'Connections refused',
      description: 'Connections refused since there were too many.',
      unit: 'short',
      queries: [{ expr: sumRate('clip_refused_connections_total', ['instance']), legend: '{{instance}}' }],
    },
    {
      title: 'Database',
      description: '1 while the database of tokens and limits can be asked.',
      unit: 'short',
      queries: [{ expr: `min by (instance) (clip_database_up{${CHOSEN}})`, legend: '{{instance}}' }],
    },
  ],
};

const errors: Row = {
  title: 'Errors',
  panels: [
    {
      title: 'Outcomes other than ok',
      description: 'What requests ended with, by the codes of docs/errors.md.',
      unit: 'reqps',
      queries: [
        {
          expr: `sum by (outcome) (${rateOf('clip_requests_total', `${CHOSEN}, outcome!="ok"`)})`,
          legend: '{{outcome}}',
        },
      ],
    },
    {
      title: 'Failed by the service',
      description: 'The share of requests that are errors of the service: what the error budget pays for.',
      unit: 'percentunit',
      queries: [{ expr: failedShare(['protocol']), legend: '{{protocol}}' }],
    },
    {
      title: 'Traces kept and why',
      description: 'Finished requests by what became of their trace; `no` is the rest.',
      unit: 'reqps',
      queries: [{ expr: sumRate('clip_traces_total', ['kept']), legend: '{{kept}}' }],
    },
    {
      title: 'Traces and log lines let go',
      description: 'Kept traces that had to make room or could not be sent, and access lines left out under load.',
      unit: 'short',
      queries: [
        { expr: sumRate('clip_traces_dropped_total', ['where']), legend: 'traces, {{where}}' },
        { expr: sumRate('clip_log_lines_dropped_total', []), legend: 'log lines' },
      ],
    },
    {
      title: 'Audit trail',
      description: '1 while the last check of the audit trail found its chain whole.',
      unit: 'short',
      queries: [{ expr: `min by (instance) (clip_audit_chain_intact{${CHOSEN}})`, legend: '{{instance}}' }],
    },
    {
      title: 'Certificate ends in',
      description: 'Of the TLS certificate that is served. New files are taken up without a restart.',
      unit: 's',
      needs: 'tls',
      queries: [
        {
          expr: `${maxOf('clip_certificate_expiry_timestamp_seconds', ['instance'])} - time()`,
          legend: '{{instance}}',
        },
      ],
    },
  ],
};

/** What callers see of the service. */
export const REQUEST_ROWS = { overview, traffic, limits, errors };
