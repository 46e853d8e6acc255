import { Catch, type ExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { DomainError } from '#core';
import { logUnforeseen } from '../log-unforeseen.js';
import { toServiceError } from './grpc-errors.js';

/** Ends a unary gRPC call with the status of its error; Nest's own filter would answer UNKNOWN to all of them. */
@Catch()
export class GrpcErrorFilter implements ExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    logUnforeseen(DomainError.from(thrown));
    return throwError(() => toServiceError(thrown));
  }
}
