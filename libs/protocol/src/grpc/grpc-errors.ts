import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { DomainError, statusOf } from '#core';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { arrivalOf } from '../request/arrival.js';
import { callerOf } from '../request/caller.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import { type FailedRequest, unforeseen } from '../request/unforeseen.js';

/**
 * Any thrown value as a gRPC status. The trailer `error-code` holds our stable word and `retry-after-ms` when trying
 * again makes sense.
 */
export function toServiceError(thrown: unknown): Partial<ServiceError> {
  const native = asGrpcStatus(thrown);
  if (native) return native;
  const error = DomainError.from(thrown);
  const metadata = new Metadata();
  metadata.set('error-code', error.code);
  if (error.retryAfterMs !== undefined) metadata.set('retry-after-ms', String(Math.ceil(error.retryAfterMs)));
  const details = asStatusText(error.message);
  return { code: statusOf(error.code).grpc, details, message: details, metadata };
}

/**
 * Clients refuse an answer whose headers exceed 8 KB, and a character may take 9 bytes there (percent-encoded UTF-8).
 */
const STATUS_TEXT_LENGTH_MAX = 800;

/**
 * A text that survives the `grpc-message` header: half a surrogate pair would make grpc-js throw outside of any call.
 */
function asStatusText(text: string): string {
  const isLong = text.length > STATUS_TEXT_LENGTH_MAX;
  return (isLong ? `${text.slice(0, STATUS_TEXT_LENGTH_MAX)}…` : text).toWellFormed();
}

/** grpc-js's own failures (message over the limit, broken compression) carry their status already. */
export function asGrpcStatus(thrown: unknown): Partial<ServiceError> | undefined {
  if (typeof thrown !== 'object' || thrown === null || thrown instanceof DomainError) return undefined;
  if (!('code' in thrown) || typeof thrown.code !== 'number' || !(thrown.code in status)) return undefined;
  if (thrown.code === status.OK) return undefined; // a failure never ends a call as a success
  const details = 'details' in thrown && typeof thrown.details === 'string' ? thrown.details : 'The call failed.';
  const metadata = 'metadata' in thrown && thrown.metadata instanceof Metadata ? thrown.metadata : new Metadata();
  return { code: thrown.code, details, message: details, metadata };
}

/** Ends a unary gRPC call with the status of its error; Nest's own filter would answer UNKNOWN to all of them. */
@Catch()
export class GrpcErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): Observable<never> {
    const reported = asGrpcStatus(thrown) ? thrown : unforeseen(thrown, requestOf(host));
    return throwError(() => toServiceError(reported));
  }
}

function requestOf(host: ArgumentsHost): FailedRequest {
  const context: unknown = host.switchToRpc().getContext();
  const metadata = context instanceof Metadata ? context : new Metadata();
  const { id: principal } = callerOf(metadata, 'grpc').principal;
  const requestId = requestIdOf(metadata.get(REQUEST_ID_HEADER)[0]);
  return { requestId, protocol: 'grpc', operation: 'unary call', principal, trace: arrivalOf(metadata)?.trace };
}
