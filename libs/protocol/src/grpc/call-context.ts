import { randomUUID } from 'node:crypto';
import type { ServerDuplexStream, ServerUnaryCall } from '@grpc/grpc-js';
import { anonymous, DomainError, type RequestContext } from '#core';

type AnyCall = ServerUnaryCall<unknown, unknown> | ServerDuplexStream<never, never>;

/**
 * The context of a call. Its signal aborts when the client cancels, hangs up or its deadline passes (grpc-js tells all
 * three by `cancelled`).
 */
export function callContext(call: {
  on(event: 'cancelled', listener: () => void): unknown;
  getDeadline(): Date | number;
}): { context: RequestContext; abort: (reason: DomainError) => void } {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort(endedBy(call)));
  return {
    context: { requestId: randomUUID(), principal: anonymous, signal: controller.signal },
    abort: (reason) => controller.abort(reason),
  };
}

function endedBy(call: Pick<AnyCall, 'getDeadline'>): DomainError {
  const deadline = call.getDeadline();
  const deadlineMs = typeof deadline === 'number' ? deadline : deadline.getTime();
  return deadlineMs <= Date.now()
    ? new DomainError('deadline_exceeded', 'The deadline of the call passed before it was answered.')
    : new DomainError('cancelled', 'The caller cancelled the call.');
}
