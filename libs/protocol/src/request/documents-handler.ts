import { type Clock, DomainError } from '#core';
import { documentItems, documentTarget, type DocumentRequest, type DocumentResponse } from '#serving';
import type { Ask, Attempts } from './gate.js';
import { STRANGER_BYTES_MAX } from './caller.js';
import type { CallContext } from './call-context.js';
import type { SealedRequest } from '../codec/index.js';
import { checkItemCount, counted, operationOf, scopeOf } from './operation.js';
import type { ProtocolServices } from './protocol-services.js';

/** What happens to a request that the full queue has no room for: unary callers are told; streams, and the Python client over HTTP, are slowed down. */
export type WhenFull = 'refuse' | 'wait';

/** One request of the compatible surface, as its protocol has read it. */
export interface IncomingDocuments {
  readonly request: SealedRequest;
  readonly whenFull: WhenFull;
}

/**
 * One request of the compatible surface, counted once and bounded; the same on all three protocols. `read` makes the request of
 * what came; what it throws is counted too, as of `endpoint`. The documents are made only once it is known that there are not too many of them and,
 * but for a message so small that it may carry nothing to compute, that the caller may have them computed.
 */
export function handleDocuments(
  services: ProtocolServices,
  context: CallContext,
  read: () => IncomingDocuments | Promise<IncomingDocuments>,
  endpoint = '/',
): Promise<DocumentResponse> {
  return counted(services, context, operationOf(endpoint), async (tally) => {
    const {
      request: { count, byteLength, open, ...head },
      whenFull,
    } = await read();
    tally.operation = operationOf(head.endpoint);
    tally.items = count;
    tally.callersId = head.requestId || undefined;
    checkItemCount(services, count);
    context.noteItems?.(count);
    const scope = scopeOf(tally.operation);
    if (byteLength > STRANGER_BYTES_MAX) services.gate.check({ scope, model: modelNamed(head) }, context);
    const request = { ...head, requestId: head.requestId || context.requestId, documents: await open() };
    const items = await documentItems(request);
    tally.items = items;
    checkItemCount(services, items);
    const work = (ctx: CallContext): Promise<DocumentResponse> => services.documents.handle(request, ctx);
    const ask = { scope, model: modelNamed(request), items };
    const response = items === 0 ? await work(context) : await admitted(services, ask, context, whenFull, work);
    tally.failure = response.error;
    return response;
  });
}

/** The model that is asked for. What is wrong with its name the use case tells, in the way of this surface. */
function modelNamed(head: Pick<DocumentRequest, 'endpoint' | 'parameters'>): string | undefined {
  try {
    return documentTarget(head).model;
  } catch {
    return undefined;
  }
}

/**
 * Lets one request through the gate and does its work, with the priority that its stream gives it (a request of no stream keeps its
 * own) and as its protocol treats a full queue.
 */
export function admitted<Answer>(
  services: Pick<ProtocolServices, 'clock' | 'gate'>,
  ask: Ask,
  context: CallContext,
  whenFull: WhenFull,
  work: (context: CallContext) => Promise<Answer>,
): Promise<Answer> {
  const { signal, stream } = context;
  const attempts: Attempts | undefined =
    whenFull === 'wait' ? (attempt) => whenThereIsRoom(services, signal, attempt) : undefined;
  const admit = (ctx: CallContext): Promise<Answer> => services.gate.pass(ask, ctx, () => work(ctx), attempts);
  return stream ? stream.during(ask.items, (priority) => admit({ ...context, priority })) : admit(context);
}

/**
 * A stream is slowed down, not refused: while the queue is full, or the caller's limit for a moment, the same work is handed in again after the time the queue
 * names, and meanwhile nothing more is read from the stream. What a waiting HTTP request holds is bounded by the room for bodies. Ends with the context's reason when the caller goes.
 */
export async function whenThereIsRoom<Answer>(
  { clock }: Pick<ProtocolServices, 'clock'>,
  signal: AbortSignal,
  work: () => Promise<Answer>,
): Promise<Answer> {
  for (;;) {
    try {
      return await work();
    } catch (err) {
      const waitMs = err instanceof DomainError ? roomInMs(err) : undefined;
      if (waitMs === undefined || signal.aborted) throw err;
      await pause(clock, Math.min(Math.max(waitMs, 10), 1_000), signal);
    }
  }
}

/** A limit that is used up for longer than this, in milliseconds, is told and not waited for. */
const LIMIT_WAIT_MS_MAX = 1_000;

/** When to try again; undefined where waiting is no help. Without a time to come back it is larger than all there is. */
function roomInMs({ code, retryAfterMs }: DomainError): number | undefined {
  if (code === 'queue_full') return retryAfterMs;
  const isShort = retryAfterMs !== undefined && retryAfterMs <= LIMIT_WAIT_MS_MAX;
  return code === 'rate_limited' && isShort ? retryAfterMs : undefined;
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal.addEventListener('abort', done);
  });
}
