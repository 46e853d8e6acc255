import type { ErrorCode } from './domain-error.js';

/** The status codes of gRPC that an error of ours has (grpc/grpc, doc/statuscodes.md). */
const status = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** The status of one error code on each protocol. `wsClose` closes a WebSocket where the error ends the connection. */
export interface ErrorStatus {
  readonly grpc: (typeof status)[keyof typeof status];
  readonly http: number;
  readonly wsClose: number;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
}

const badInput = { grpc: status.INVALID_ARGUMENT, http: 422, wsClose: 1007, retryable: false };
const tooLarge = { grpc: status.RESOURCE_EXHAUSTED, http: 413, wsClose: 1009, retryable: false };
const comeBack = { grpc: status.UNAVAILABLE, http: 503, wsClose: 1013, retryable: true };

/** The one table of statuses; a code without a row does not compile. */
export const ERROR_TABLE = {
  invalid_argument: badInput,
  malformed_request: { grpc: status.INVALID_ARGUMENT, http: 400, wsClose: 1002, retryable: false },
  unauthenticated: { grpc: status.UNAUTHENTICATED, http: 401, wsClose: 4401, retryable: false },
  permission_denied: { grpc: status.PERMISSION_DENIED, http: 403, wsClose: 4403, retryable: false },
  not_found: { grpc: status.NOT_FOUND, http: 404, wsClose: 4404, retryable: false },
  conflict: { grpc: status.ALREADY_EXISTS, http: 409, wsClose: 1008, retryable: false },
  method_not_allowed: { grpc: status.UNIMPLEMENTED, http: 405, wsClose: 1008, retryable: false },
  unsupported_media_type: { grpc: status.INVALID_ARGUMENT, http: 415, wsClose: 1003, retryable: false },
  // NOT_FOUND would read as "no such server" to the Python client (it raises ConnectionError on it).
  model_unknown: { grpc: status.INVALID_ARGUMENT, http: 404, wsClose: 4404, retryable: false },
  request_too_large: tooLarge,
  item_empty: badInput,
  image_unreadable: badInput,
  image_too_large: { ...badInput, http: 413 },
  image_format_refused: { ...badInput, http: 415 },
  tensor_invalid: badInput,
  fetch_refused: badInput,
  fetch_failed: badInput,
  rank_without_matches: badInput,
  queue_full: { grpc: status.RESOURCE_EXHAUSTED, http: 429, wsClose: 1013, retryable: true },
  rate_limited: { grpc: status.RESOURCE_EXHAUSTED, http: 429, wsClose: 1013, retryable: true },
  replica_lost: comeBack,
  item_poisonous: badInput,
  deadline_exceeded: { grpc: status.DEADLINE_EXCEEDED, http: 504, wsClose: 1011, retryable: true },
  cancelled: { grpc: status.CANCELLED, http: 499, wsClose: 1011, retryable: false },
  shutting_down: comeBack,
  unavailable: comeBack,
  unimplemented: { grpc: status.UNIMPLEMENTED, http: 501, wsClose: 1003, retryable: false },
  internal: { grpc: status.INTERNAL, http: 500, wsClose: 1011, retryable: false },
} as const satisfies Record<ErrorCode, ErrorStatus>;

/**
 * The status of `code` on each protocol.
 *
 * @example res.status(statusOf(error.code).http)
 */
export function statusOf(code: ErrorCode): ErrorStatus {
  return ERROR_TABLE[code];
}

/** Groups `codes` by their HTTP status, the lowest status first. */
export function codesByStatus(codes: readonly ErrorCode[]): ReadonlyMap<number, readonly ErrorCode[]> {
  const statuses = new Set(codes.map((code) => statusOf(code).http));
  return new Map(
    Array.from(statuses)
      .sort((one, other) => one - other)
      .map((status) => [status, codes.filter((code) => statusOf(code).http === status)]),
  );
}

/**
 * The codes of failures that an HTTP framework (Nest, Fastify) finds itself and reports by a status; others are
 * `internal`.
 */
export const CODE_OF_FRAMEWORK_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_argument',
  403: 'not_found', // The server of the documentation's files gives it for a path that leads out of their folder.
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'deadline_exceeded',
  413: 'request_too_large',
  415: 'unsupported_media_type',
  422: 'invalid_argument',
};
