import { Logger } from '@nestjs/common';
import { DomainError, type RequestTrace, withTrace } from '#core';
import type { CallContext } from './call.js';
import type { ProtocolName } from './caller.js';
import { isRequestId } from './request-id.js';

const logger = new Logger('Protocol');

/** The request that failed, as the log names it. */
export interface FailedRequest {
  readonly requestId: string;
  readonly protocol: ProtocolName;
  /** What was asked for: an operation, a route or a method. */
  readonly operation: string;
  /** The id that the caller gave it in the message, beside `requestId`. */
  readonly callersId?: string | undefined;
  /** Who asked: the id of the principal. */
  readonly principal: string;
  /** What the log line is joined to; undefined where nothing is traced. */
  readonly trace?: RequestTrace | undefined;
}

/** The request that `context` belongs to. */
export function requestOf(
  { requestId, caller, trace }: Pick<CallContext, 'requestId' | 'caller' | 'trace'>,
  { operation, callersId }: Pick<FailedRequest, 'operation' | 'callersId'>,
): FailedRequest {
  const known = callersId === undefined || !isRequestId(callersId) ? {} : { callersId };
  return { requestId, ...known, protocol: caller.protocol, operation, principal: caller.principal.id, trace };
}

/** Errors that are logged and name their request already. */
const logged = new WeakSet<DomainError>();

/**
 * Returns the error that the caller gets for `thrown`. An unforeseen failure is logged once, with its reason and its
 * request; its error names the id of the request, which finds that line of the log. Every other error is returned as it
 * is.
 */
export function unforeseen(thrown: unknown, { trace, ...request }: FailedRequest): unknown {
  const error = DomainError.from(thrown);
  if (error.code !== 'internal' || logged.has(error)) return thrown;
  const write = (): void => logger.error({ msg: error.internal ?? error.message, ...request });
  if (trace) withTrace(trace, write);
  else write();
  const text = `${error.message} The id of the request is ${request.requestId}.`;
  const named = new DomainError('internal', text, { internal: error.internal ?? error.message, cause: thrown });
  logged.add(named);
  return named;
}
