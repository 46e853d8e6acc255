import { DomainError } from '#core';
import type { ProtocolServices, RequestOutcome } from './protocol-services.js';

/** Runs one request and reports its outcome and duration, whichever way it ends. */
export async function counted<Answer>(
  services: ProtocolServices,
  what: Pick<RequestOutcome, 'protocol' | 'operation' | 'items'>,
  work: () => Promise<Answer>,
  outcomeOf: (answer: Answer) => string = () => 'ok',
): Promise<Answer> {
  const startedAtMs = services.clock.now();
  const report = (outcome: string): void =>
    services.onRequest({ ...what, outcome, durationMs: services.clock.now() - startedAtMs });
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

/** Refuses a request with more items than one request may carry. */
export function checkItemCount(services: ProtocolServices, count: number): void {
  const max = services.limits.requestItemsMax;
  if (count <= max) return;
  throw new DomainError(
    'request_too_large',
    `The request has ${count} items; at most ${max} are allowed. Split it into several requests.`,
  );
}
