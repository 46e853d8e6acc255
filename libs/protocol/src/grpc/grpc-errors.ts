import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { DomainError } from '#core';
import { faceOf } from '../error-table.js';

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
  return { code: faceOf(error.code).grpc, details: error.message, message: error.message, metadata };
}

/** grpc-js's own failures (message over the limit, broken compression) carry their status already. */
export function asGrpcStatus(thrown: unknown): Partial<ServiceError> | undefined {
  if (typeof thrown !== 'object' || thrown === null || thrown instanceof DomainError) return undefined;
  if (!('code' in thrown) || typeof thrown.code !== 'number' || !(thrown.code in status)) return undefined;
  const details = 'details' in thrown && typeof thrown.details === 'string' ? thrown.details : 'The call failed.';
  const metadata = 'metadata' in thrown && thrown.metadata instanceof Metadata ? thrown.metadata : new Metadata();
  return { code: thrown.code, details, message: details, metadata };
}
