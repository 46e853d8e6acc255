import { type Clock, type EndedRequest, isErrorCode, RateBudget, type SpanAttributes, statusOf, Timer } from '#core';
import { traceFields, type Log } from './log.js';

/** Who is to blame for how a request ended. */
type Kind = 'ok' | 'failed_by_caller' | 'failed_by_server';

/** How long lines are left out before one line says how many. */
const SUMMARY_MS = 10_000;

/** What AccessLog works with. */
export interface AccessLogParts {
  readonly log: Pick<Log, 'info' | 'isLevelEnabled'>;
  readonly clock: Clock;
  /** Most lines a second of each kind. */
  readonly linesPerSecondMax: number;
  /** Whether people read the log: a line is then one short text. */
  readonly isPretty: boolean;
  /** A line was left out. */
  onDropped(): void;
}

/**
 * One line for each request when it has ended. Under load only so many a second are written. Requests that were
 * answered, that failed by their caller and that failed by the server have a bound each, so that neither a flood of
 * requests nor one of refusals hides that the server fails. How many were left out is told in a line of its own.
 */
export class AccessLog {
  private readonly budgets: Readonly<Record<Kind, RateBudget>>;
  private dropped = new Map<Kind, number>();
  private readonly summary: Timer;

  constructor(private readonly parts: AccessLogParts) {
    const budget = (): RateBudget => new RateBudget(parts.linesPerSecondMax);
    this.budgets = { ok: budget(), failed_by_caller: budget(), failed_by_server: budget() };
    this.summary = new Timer(parts.clock);
  }

  /** Writes the line of a request, or counts it as left out. Where lines of `info` are not wanted it does nothing. */
  onEnd(request: EndedRequest): void {
    const { log, isPretty } = this.parts;
    if (!log.isLevelEnabled('info')) return;
    const kind = kindOf(request.outcome);
    if (!this.budgets[kind].take(request.endMs)) this.drop(kind);
    else if (isPretty) log.info({ requestId: undefined }, textOf(request));
    else log.info(fieldsOf(request), 'request');
  }

  /** Writes what has not been told yet of lines that were left out. */
  close(): void {
    this.summary.clear();
    this.summarize();
  }

  private drop(kind: Kind): void {
    if (this.dropped.size === 0) this.summary.set(SUMMARY_MS, () => this.summarize());
    this.dropped.set(kind, (this.dropped.get(kind) ?? 0) + 1);
    this.parts.onDropped();
  }

  private summarize(): void {
    if (this.dropped.size === 0) return;
    const { log, linesPerSecondMax } = this.parts;
    // It is written when the time has come, maybe in the turn of some request: it is about none.
    log.info({ ...NO_REQUEST, dropped: Object.fromEntries(this.dropped), linesPerSecondMax }, 'access lines left out');
    this.dropped = new Map();
  }
}

/** Fields that the log adds to lines of a request; undefined is not written. */
const NO_REQUEST = { trace_id: undefined, span_id: undefined, trace_flags: undefined, requestId: undefined };

function kindOf(outcome: string): Kind {
  if (outcome === 'ok') return 'ok';
  return isErrorCode(outcome) && statusOf(outcome).http >= 500 ? 'failed_by_server' : 'failed_by_caller';
}

/** Undefined fields are not written. None holds a text, an address or a name that the caller sent, but its id. */
function fieldsOf(request: EndedRequest): Record<string, unknown> {
  const { trace, protocol, operation, outcome, model, items, principalId: principal } = request;
  const { name, attributes } = request.describe();
  return {
    ...traceFields(trace),
    ...{ protocol, request: name, status: statusIn(attributes), outcome, operation, model, items },
    durationMs: durationMsOf(request),
    requestBytes: attributes['http.request.body.size'],
    responseBytes: attributes['http.response.body.size'],
    ...{ principal, client: attributes['client.address'] },
  };
}

function textOf(request: EndedRequest): string {
  const { outcome, model, items } = request;
  const { name, attributes } = request.describe();
  const parts = [
    name,
    statusIn(attributes),
    outcome === 'ok' ? undefined : outcome,
    model,
    items === 0 ? undefined : `${items} ${items === 1 ? 'item' : 'items'}`,
    `${durationMsOf(request)} ms`,
  ];
  return parts.filter((part) => part !== undefined).join('  ');
}

function statusIn(attributes: SpanAttributes): SpanAttributes[string] | undefined {
  return attributes['http.response.status_code'] ?? attributes['rpc.response.status_code'];
}

/** To the tenth of a millisecond. */
function durationMsOf({ startMs, endMs }: EndedRequest): number {
  return Math.round((endMs - startMs) * 10) / 10;
}
