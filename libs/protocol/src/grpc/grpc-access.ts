import {
  Metadata,
  ServerInterceptingCall,
  ServerListenerBuilder,
  ResponderBuilder,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';
import { DomainError, requireScope, scopeMissing, type Authenticated } from '#core';
import { formatRateLimit, type RateLimitState } from '#metering';
import { toServiceError } from './grpc-errors.js';
import { type Arrival, TRACE_RESPONSE_HEADER, traceResponse, type Tracing } from '../request/arrival.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import { unforeseen } from '../request/unforeseen.js';
import type { GuardPort } from '../request/access.js';
import { rememberCaller, UNAUTHENTICATED_BYTES_MAX, unauthenticated, withoutCredential } from '../request/caller.js';
import type { ClientAddress } from '../request/client-address.js';
import { beginGrpcTrace, type GrpcArrival } from './grpc-arrival.js';
import { DOCUMENT_SCOPES, methodAccess } from './grpc-methods.js';

type InterceptedCall = Parameters<ServerInterceptor>[1];

/** The limits that the trailers of a call report; read when its status is sent. */
const limitsOf = new WeakMap<Metadata, readonly RateLimitState[]>();

/** Puts `states` into the trailers of the call that came with `metadata`. */
export function reportLimitsInTrailers(metadata: Metadata, states: readonly RateLimitState[]): void {
  limitsOf.set(metadata, states);
}

/**
 * Authenticates gRPC calls by their metadata and refuses who may not call the method, before a message is read (grpc-js
 * reads none until the metadata has been passed on). Nest's guards would run after that, or not at all in a hybrid app.
 */
export function authenticateGrpc(guard: GuardPort, clientAddress: ClientAddress, tracing?: Tracing): ServerInterceptor {
  return (method, call) => {
    let received: Metadata | undefined;
    let isIdSent = false;
    let arrival: GrpcArrival | undefined;
    const addressOf = (metadata: Metadata): string =>
      clientAddress(call.getConnectionInfo().remoteAddress, String(metadata.get('x-forwarded-for')[0] ?? ''));
    const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, next) => {
      received = metadata;
      const requestId = requestIdOf(metadata.get(REQUEST_ID_HEADER)[0]);
      metadata.set(REQUEST_ID_HEADER, requestId);
      if (tracing && isTraced(method.path))
        arrival = beginGrpcTrace(tracing, { requestId, metadata, path: method.path });
      const startMs = arrival?.startMs;
      const admitted = admit(guard, call, metadata, method.path).then((authenticated) => {
        rememberCaller(metadata, { ...authenticated, protocol: 'grpc', address: addressOf(metadata) });
        if (arrival && startMs !== undefined) arrival.addPart('authenticate', startMs);
      });
      void admitted.then(
        () => next(metadata),
        (err: unknown) => {
          const request = {
            requestId,
            protocol: 'grpc',
            operation: method.path,
            principal: unauthenticated.id,
            trace: arrival?.trace,
          } as const;
          const error = DomainError.from(unforeseen(err, request));
          guard.onRefused('grpc', error.code);
          arrival?.refuse(error); // before its status, which tells less
          const refusal = asStatus(error);
          if (refusal.metadata) setIds(metadata, refusal.metadata, arrival);
          rememberCaller(metadata, { ...withoutCredential, protocol: 'grpc', address: addressOf(metadata) });
          call.sendStatus(refusal);
          arrival?.close(refusal.code);
        },
      );
    });
    const responder = new ResponderBuilder()
      .withStart((next) => next(listener.build()))
      .withSendStatus((outcome, next) => {
        if (!received) return next(outcome);
        const trailers = outcome.metadata ?? new Metadata();
        // A call without an answer has no initial metadata of its own.
        if (!isIdSent) setIds(received, trailers, arrival);
        const states = limitsOf.get(received) ?? [];
        for (const [name, value] of Object.entries(formatRateLimit(states))) trailers.set(name.toLowerCase(), value);
        next({ ...outcome, metadata: trailers });
        if (!method.responseStream) arrival?.close(outcome.code);
      })
      .withSendMetadata((metadata, next) => {
        if (received) setIds(received, metadata, arrival);
        isIdSent = true;
        next(metadata);
      });
    return new ServerInterceptingCall(call, responder.build());
  };
}

function setIds(received: Metadata, answer: Metadata, arrival: Arrival | undefined): void {
  const [id] = received.get(REQUEST_ID_HEADER);
  if (id !== undefined) answer.set(REQUEST_ID_HEADER, id);
  const response = arrival && traceResponse(arrival.trace);
  if (response !== undefined) answer.set(TRACE_RESPONSE_HEADER, response);
}

/** Whether calls of a method are traced: those that anybody may make are not. */
function isTraced(path: string): boolean {
  return (methodAccess(path)?.needs ?? 'nothing') !== 'nothing';
}

async function admit(
  guard: GuardPort,
  call: InterceptedCall,
  metadata: Metadata,
  path: string,
): Promise<Authenticated> {
  const access = methodAccess(path);
  if (!access) {
    const text = `There is no gRPC method ${path.slice(0, 100)} here. Server reflection lists those that there are.`;
    throw new DomainError('unimplemented', text);
  }
  if (access.small) boundMessages(call);
  if (access.needs === 'nothing') return withoutCredential;
  const [value] = metadata.get('authorization');
  const found = await guard.authenticate({ authorization: typeof value === 'string' ? value : undefined });
  if (access.needs !== 'documents') {
    if (!found) throw guard.missing();
    if (!found.principal.scopes.includes(access.needs)) guard.onDenied(found.principal.id, 'grpc');
    requireScope(found.principal, access.needs);
    return found;
  }
  // A request that carries nothing to compute is small, and answered to anybody; a larger one is refused for what is
  // missing.
  if (!found) boundMessages(call, guard.missing());
  else if (!DOCUMENT_SCOPES.some((scope) => found.principal.scopes.includes(scope)))
    boundMessages(call, scopeMissing(found.principal, 'encode'));
  return found ?? withoutCredential;
}

/**
 * Reads no message of the call that is larger than an unauthenticated caller may send, packed or unpacked; a larger one
 * is refused with `refusal`. grpc-js has no option for one call, so its own fields are set; the checks make an update
 * that moves them fail loudly and refuse the call.
 */
function boundMessages(call: InterceptedCall, refusal?: DomainError): void {
  const decoder: unknown = Reflect.get(call, 'decoder');
  const isKnown = typeof decoder === 'object' && decoder !== null && 'maxReadMessageLength' in decoder;
  if (!isKnown || !('maxReceiveMessageSize' in call)) throw new Error('grpc-js has moved its message limits');
  Reflect.set(decoder, 'maxReadMessageLength', UNAUTHENTICATED_BYTES_MAX);
  Reflect.set(call, 'maxReceiveMessageSize', UNAUTHENTICATED_BYTES_MAX);
  if (!refusal) return;
  const sendStatus = call.sendStatus.bind(call);
  call.sendStatus = (outcome) => sendStatus(outcome.code === status.RESOURCE_EXHAUSTED ? asStatus(refusal) : outcome);
}

function asStatus(err: unknown): Parameters<InterceptedCall['sendStatus']>[0] {
  const { code = status.INTERNAL, details = '', metadata = null } = toServiceError(err);
  return { code, details, metadata };
}
