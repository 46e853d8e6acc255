import { DomainError, type Scope } from '#core';
import type { Ask } from './access/gate.js';
import type { CallContext } from './call-context.js';
import type { ProtocolServices, RequestOutcome } from './protocol-services.js';

/** One request that computes, for the gate and for the figures. */
export interface Operation extends Ask {
  /** A bounded word: `encode`, `rank`, `embeddings`, … */
  readonly operation: string;
}

/** Lets one request through the gate, runs it and reports its outcome and duration, whichever way it ends. */
export function passed<Answer>(
  services: ProtocolServices,
  operation: Operation,
  context: CallContext,
  work: () => Promise<Answer>,
  outcomeOf?: (answer: Answer) => string,
): Promise<Answer> {
  const { protocol } = context.caller;
  return counted(services, { ...operation, protocol }, () => services.gate.pass(operation, context, work), outcomeOf);
}

/** Runs one request and reports its outcome, duration and the figures that it has by then, whichever way it ends. */
export async function counted<Answer>(
  services: Pick<ProtocolServices, 'clock' | 'activity' | 'onRequest'>,
  figures: Readonly<Pick<RequestOutcome, 'protocol' | 'operation' | 'items'>>,
  work: () => Promise<Answer>,
  outcomeOf: (answer: Answer) => string = () => 'ok',
): Promise<Answer> {
  const startedAtMs = services.clock.now();
  const report = (outcome: string): void =>
    services.onRequest({
      protocol: figures.protocol,
      operation: figures.operation,
      items: figures.items,
      outcome,
      durationMs: services.clock.now() - startedAtMs,
    });
  try {
    const answer = await services.activity.during(work);
    report(outcomeOf(answer));
    return answer;
  } catch (err) {
    report(DomainError.from(err).code);
    throw err;
  }
}

const KNOWN_ENDPOINTS = new Set(['encode', 'rank', 'index', 'search']);

/** The first part of a compatible endpoint as a bounded metric label. */
export function operationOf(endpoint: string): string {
  const first = endpoint.split('/').find((part) => part !== '') ?? 'root';
  return KNOWN_ENDPOINTS.has(first) || first === 'root' ? first : 'other';
}

/** The scope that an endpoint of the compatible surface needs; what it does not know encodes. */
export function scopeOf(operation: string): Scope {
  return operation === 'rank' || operation === 'index' || operation === 'search' ? operation : 'encode';
}

/** Refuses a request with more items than one request may carry. */
export function checkItemCount(services: ProtocolServices, count: number): void {
  const max = services.limits.requestItemsMax;
  if (count <= max) return;
  throw new DomainError(
    'request_too_large',
    `The request has ${count} items; at most ${max} are allowed. Split it into several requests.`,
  );
}
