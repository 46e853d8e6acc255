import { randomUUID } from 'node:crypto';
import { anonymous, DomainError, type RequestContext } from '#core';

/** What a context is made from; grpc-js's server calls of every kind. */
export interface EndingCall {
  on(event: 'cancelled', listener: () => void): unknown;
  getDeadline(): Date | number;
}

/** A call's context and the two ways in which work on it ends. */
export interface OpenCall {
  context: RequestContext;
  /** Ends the work for `reason`. */
  abort: (reason: DomainError) => void;
  /** The call is answered: what grpc-js reports of it from now on concerns nobody. */
  settle: () => void;
}

/**
 * Opens the context of a call. Its signal aborts when the client cancels, hangs up or its deadline passes; grpc-js tells all
 * three by `cancelled`, which it also emits after every answered call.
 */
export function openCall(call: EndingCall): OpenCall {
  const controller = new AbortController();
  let isSettled = false;
  call.on('cancelled', () => {
    if (!isSettled) controller.abort(endedBy(call));
  });
  return {
    context: { requestId: randomUUID(), principal: anonymous, signal: controller.signal },
    abort: (reason) => controller.abort(reason),
    settle: () => {
      isSettled = true;
    },
  };
}

/** Runs the work of a unary call in its context. */
export async function withinCall<Answer>(
  call: EndingCall,
  work: (context: RequestContext) => Promise<Answer>,
): Promise<Answer> {
  const { context, settle } = openCall(call);
  try {
    return await work(context);
  } finally {
    settle();
  }
}

function endedBy(call: EndingCall): DomainError {
  const deadline = call.getDeadline();
  const deadlineMs = typeof deadline === 'number' ? deadline : deadline.getTime();
  return deadlineMs <= Date.now()
    ? new DomainError('deadline_exceeded', 'The deadline of the call passed before it was answered.')
    : new DomainError('cancelled', 'The caller cancelled the call.');
}
