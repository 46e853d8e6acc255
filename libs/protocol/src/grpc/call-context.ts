import type { Metadata } from '@grpc/grpc-js';
import { DomainError } from '#core';
import { arrivalOf, traced } from '../request/arrival.js';
import { callerOf } from '../request/caller.js';
import { reportLimitsInTrailers } from './grpc-access.js';
import type { CallContext } from '../request/call.js';
import { scopeNeeded } from '../request/access.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import { methodAccess } from './grpc-methods.js';
import { releaseMessages } from './message-flow.js';

/** What a context is made from; grpc-js's server calls of every kind. */
export interface EndingCall {
  on(event: 'cancelled', listener: () => void): unknown;
  getDeadline(): Date | number;
  getPath(): string;
  readonly metadata: Metadata;
}

/** A call's context and the two ways in which work on it ends. */
export interface OpenCall {
  context: CallContext;
  /** Ends the work for `reason`. */
  abort: (reason: DomainError) => void;
  /** Marks the call as answered: later events of grpc-js are ignored. */
  settle: () => void;
}

/**
 * Opens the context of a call. Its signal aborts when the client cancels, hangs up or its deadline passes; grpc-js
 * tells all three by `cancelled`, which it also emits after every answered call.
 */
export function openCall(call: EndingCall): OpenCall {
  const controller = new AbortController();
  const caller = callerOf(call.metadata, 'grpc');
  const deadline = call.getDeadline();
  const deadlineAtMs = typeof deadline === 'number' ? deadline : deadline.getTime();
  let isSettled = false;
  call.on('cancelled', () => {
    if (!isSettled) controller.abort(endedBy(deadlineAtMs));
  });
  return {
    context: {
      requestId: requestIdOf(call.metadata.get(REQUEST_ID_HEADER)[0]),
      principal: caller.principal,
      signal: controller.signal,
      caller,
      ...traced(arrivalOf(call.metadata)),
      scope: scopeNeeded(methodAccess(call.getPath())?.needs),
      ...(Number.isFinite(deadlineAtMs) ? { deadlineAtMs } : {}),
      reportLimits: (states) => reportLimitsInTrailers(call.metadata, states),
    },
    abort: (reason) => controller.abort(reason),
    settle: () => {
      isSettled = true;
    },
  };
}

/** Runs the work of a unary call in its context. */
export async function withinCall<Answer>(
  call: EndingCall,
  work: (context: CallContext) => Promise<Answer>,
): Promise<Answer> {
  const { context, settle } = openCall(call);
  const { arrival } = context;
  if (arrival) arrival.addLongPart('read', arrival.trace.parts[0]?.endMs ?? arrival.startMs);
  try {
    return await work(context);
  } finally {
    settle();
    releaseMessages(call.metadata);
    if (context.signal.aborted) arrival?.end(); // no status is sent any more
  }
}

function endedBy(deadlineAtMs: number): DomainError {
  return deadlineAtMs <= Date.now()
    ? new DomainError('deadline_exceeded', 'The deadline of the call passed before it was answered.')
    : new DomainError('cancelled', 'The caller cancelled the call.');
}
