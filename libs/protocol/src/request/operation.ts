import { DomainError, ItemError, type ItemResult, type Scope } from '#core';
import type { CallContext } from './call-context.js';
import type { ProtocolServices } from './protocol-services.js';
import { requestOf, unforeseen } from './unforeseen.js';

/** What is found out about a request while it is worked on, for the figures. */
export interface Tally {
  /** A bounded word: `encode`, `rank`, `embeddings`, … */
  operation: string;
  /** How many texts and images it carries; 0 until that is known. */
  items: number;
  /** The id that the message itself carries, where it has one. */
  callersId: string | undefined;
  /** What the answer tells as failed, although there is an answer. */
  failure: DomainError | undefined;
}

/**
 * Runs one request, from its first byte after the head, and reports it once, whichever way it ends. The outcome is the same word on
 * every protocol: `ok` when all of its items were answered; `item_failed` when at least one of them failed, whether the rest was
 * answered or not; else the code of the error that the request as a whole was refused or failed with. A failure that nobody foresaw
 * is logged here.
 */
export async function counted<Answer>(
  services: Pick<ProtocolServices, 'clock' | 'activity' | 'onRequest'>,
  context: Pick<CallContext, 'caller' | 'requestId'>,
  operation: string,
  work: (tally: Tally) => Promise<Answer>,
): Promise<Answer> {
  const startedAtMs = services.clock.now();
  const tally: Tally = { operation, items: 0, callersId: undefined, failure: undefined };
  const report = (outcome: string): void =>
    services.onRequest({
      protocol: context.caller.protocol,
      operation: tally.operation,
      items: tally.items,
      outcome,
      durationMs: services.clock.now() - startedAtMs,
    });
  try {
    const answer = await services.activity.during(() => work(tally));
    report(tally.failure ? outcomeOf(tally.failure) : 'ok');
    if (tally.failure) unforeseen(tally.failure, requestOf(context, tally));
    return answer;
  } catch (err) {
    report(outcomeOf(err));
    throw unforeseen(err, requestOf(context, tally));
  }
}

/** The error to tally for results of which some may have failed; undefined when none has. */
export function failureOf(results: readonly ItemResult[]): ItemError | undefined {
  const failed = results.find((result) => !result.ok);
  return failed && !failed.ok ? new ItemError(failed.error, failed.error.message) : undefined;
}

/** The outcome of a request that ended with `thrown`. */
function outcomeOf(thrown: unknown): string {
  return thrown instanceof ItemError ? 'item_failed' : DomainError.from(thrown).code;
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
export function checkItemCount(services: Pick<ProtocolServices, 'limits'>, count: number): void {
  const max = services.limits.requestItemsMax;
  if (count <= max) return;
  throw new DomainError(
    'request_too_large',
    `The request has ${count} items; at most ${max} are allowed. Split it into several requests.`,
  );
}
