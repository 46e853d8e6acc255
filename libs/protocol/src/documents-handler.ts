import { type Clock, DomainError, type RequestContext } from '#core';
import type { DocumentRequest, DocumentResponse } from '#serving';
import { checkItemCount, counted, operationOf } from './operation.js';
import type { ProtocolServices, RequestOutcome } from './protocol-services.js';

/** What happens to a request that the full queue has no room for: unary callers are told, streams are slowed down. */
export type WhenFull = 'refuse' | 'wait';

/** One request of the compatible surface, counted once and bounded; the same on all three protocols. */
export function handleDocuments(
  services: ProtocolServices,
  protocol: RequestOutcome['protocol'],
  request: DocumentRequest,
  context: RequestContext,
  whenFull: WhenFull,
): Promise<DocumentResponse> {
  const what = { protocol, operation: operationOf(request.endpoint), items: request.documents.length };
  const requestId = request.requestId || context.requestId;
  const work = (): Promise<DocumentResponse> => services.documents.handle({ ...request, requestId }, context);
  return counted(
    services,
    what,
    () => {
      checkItemCount(services, request.documents.length);
      return admitted(services, context.signal, whenFull, work);
    },
    (response) => (response.status?.code === 'ERROR' ? 'item_failed' : 'ok'),
  );
}

/** Does the work as its protocol treats a full queue. */
export function admitted<Answer>(
  services: Pick<ProtocolServices, 'clock'>,
  signal: AbortSignal,
  whenFull: WhenFull,
  work: () => Promise<Answer>,
): Promise<Answer> {
  return whenFull === 'wait' ? whenThereIsRoom(services, signal, work) : work();
}

/**
 * A stream is slowed down, not refused: while the queue is full the same work is handed in again after the time the queue
 * names, and meanwhile nothing more is read from the stream. Ends with the context's reason when the caller goes.
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
      if (!(err instanceof DomainError) || err.code !== 'queue_full' || signal.aborted) throw err;
      // Without a time to come back it is larger than the whole queue and never fits.
      if (err.retryAfterMs === undefined) throw err;
      await pause(clock, Math.min(Math.max(err.retryAfterMs, 10), 1_000), signal);
    }
  }
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
