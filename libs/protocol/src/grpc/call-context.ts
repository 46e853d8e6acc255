import type { Metadata } from '@grpc/grpc-js';
import { DomainError } from '#core';
import { callerOf } from '../request/caller.js';
import { tellLimitsInTrailers } from './grpc-access.js';
import type { CallContext } from '../request/call-context.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import { releaseMessages } from './message-flow.js';

/** What a context is made from; grpc-js's server calls of every kind. */
export interface EndingCall {
  on(event: 'cancelled', listener: () => void): unknown;
  getDeadline(): Date | number;
  readonly metadata: Metadata;
}

/** A call's context and the two ways in which work on it ends. */
export interface OpenCall {
  context: CallContext;
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
  const caller = callerOf(call.metadata, 'grpc');
  let isSettled = false;
  call.on('cancelled', () => {
    if (!isSettled) controller.abort(endedBy(call));
  });
  return {
    context: {
      requestId: requestIdOf(call.metadata.get(REQUEST_ID_HEADER)[0]),
      principal: caller.principal,
      signal: controller.signal,
      caller,
      tellLimits: (states) => tellLimitsInTrailers(call.metadata, states),
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
  try {
    return await work(context);
  } finally {
    settle();
    releaseMessages(call.metadata);
  }
}

function endedBy(call: EndingCall): DomainError {
  const deadline = call.getDeadline();
  const deadlineMs = typeof deadline === 'number' ? deadline : deadline.getTime();
  return deadlineMs <= Date.now()
    ? new DomainError('deadline_exceeded', 'The deadline of the call passed before it was answered.')
    : new DomainError('cancelled', 'The caller cancelled the call.');
}
