import { type Clock, DomainError } from '#core';
import { documentItems, documentTarget, type DocumentRequest, type DocumentResponse } from '#serving';
import type { Ask, Attempts } from './access/gate.js';
import { STRANGER_BYTES_MAX } from './access/caller.js';
import type { CallContext } from './call-context.js';
import { sealed, type SealedRequest } from './codec/index.js';
import { checkItemCount, counted, operationOf, scopeOf } from './operation.js';
import type { ProtocolServices } from './protocol-services.js';

/** What happens to a request that the full queue has no room for: unary callers are told; streams, and the Python client over HTTP, are slowed down. */
export type WhenFull = 'refuse' | 'wait';

/** One request of the compatible surface, counted once and bounded; the same on all three protocols. */
export function handleDocuments(
  services: ProtocolServices,
  request: DocumentRequest,
  context: CallContext,
  whenFull: WhenFull,
): Promise<DocumentResponse> {
  return handleSealed(services, sealed(request), context, whenFull);
}

/**
 * As handleDocuments; the documents are made only once it is known that there are not too many of them and, but for a message so
 * small that it may carry nothing to compute, that the caller may have them computed.
 */
export function handleSealed(
  services: ProtocolServices,
  { count, byteLength, open, ...head }: SealedRequest,
  context: CallContext,
  whenFull: WhenFull,
): Promise<DocumentResponse> {
  const operation = operationOf(head.endpoint);
  const figures = { protocol: context.caller.protocol, operation, items: count };
  const requestId = head.requestId || context.requestId;
  const scope = scopeOf(operation);
  return counted(
    services,
    figures,
    async () => {
      checkItemCount(services, count);
      if (byteLength > STRANGER_BYTES_MAX) services.gate.check({ scope, model: documentTarget(head).model }, context);
      const request = { ...head, requestId, documents: await open() };
      const items = documentItems(request);
      figures.items = items;
      checkItemCount(services, items);
      const work = (ctx: CallContext): Promise<DocumentResponse> => services.documents.handle(request, ctx);
      if (items === 0) return work(context);
      const ask = { scope, model: documentTarget(request).model, items };
      return admitted(services, ask, context, whenFull, work);
    },
    (response) => (response.status?.code === 'ERROR' ? 'item_failed' : 'ok'),
  );
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
