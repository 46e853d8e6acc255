import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { Metadata } from '@grpc/grpc-js';
import { throwError, type Observable } from 'rxjs';
import { callerOf } from '../request/caller.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import { type FailedRequest, unforeseen } from '../request/unforeseen.js';
import { asGrpcStatus, toServiceError } from './grpc-errors.js';

/** Ends a unary gRPC call with the status of its error; Nest's own filter would answer UNKNOWN to all of them. */
@Catch()
export class GrpcErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): Observable<never> {
    const told = asGrpcStatus(thrown) ? thrown : unforeseen(thrown, requestOf(host));
    return throwError(() => toServiceError(told));
  }
}

function requestOf(host: ArgumentsHost): FailedRequest {
  const context: unknown = host.switchToRpc().getContext();
  const metadata = context instanceof Metadata ? context : new Metadata();
  const { id: principal } = callerOf(metadata, 'grpc').principal;
  const requestId = requestIdOf(metadata.get(REQUEST_ID_HEADER)[0]);
  return { requestId, protocol: 'grpc', operation: 'unary call', principal };
}
