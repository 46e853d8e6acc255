import {
  Metadata,
  ServerInterceptingCall,
  ServerListenerBuilder,
  ResponderBuilder,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';
import { DomainError, type Principal } from '#core';
import { formatRateLimit, type RateLimitState } from '#metering';
import { toServiceError } from '../grpc/grpc-errors.js';
import { logUnforeseen } from '../log-unforeseen.js';
import type { GuardPort } from './access-ports.js';
import { rememberCaller, STRANGER_BYTES_MAX, stranger } from './caller.js';
import type { ClientAddress } from './client-address.js';

type InterceptedCall = Parameters<ServerInterceptor>[1];

/** Methods that compute nothing and are asked for with a few bytes: readiness, versions, endpoints, health, reflection. */
const OPEN_METHODS = new Set([
  '/jina.JinaGatewayDryRunRPC/dry_run',
  '/jina.JinaDiscoverEndpointsRPC/endpoint_discovery',
  '/jina.JinaInfoRPC/_status',
  '/grpc.health.v1.Health/Check',
  '/grpc.health.v1.Health/Watch',
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
]);

/** Methods whose requests may carry nothing to compute, which only the (small) message tells. */
const DOCUMENT_METHODS = new Set(['/jina.JinaRPC/Call', '/jina.JinaSingleDataRequestRPC/process_single_data']);

/** What a call's answer is to say of the limits; read when its status is sent. */
const limitsOf = new WeakMap<Metadata, readonly RateLimitState[]>();

/** Puts `states` into the trailers of the call that came with `metadata`. */
export function tellLimitsInTrailers(metadata: Metadata, states: readonly RateLimitState[]): void {
  limitsOf.set(metadata, states);
}

/**
 * The gRPC door: says who calls from the metadata, before a message is read (grpc-js reads none until the metadata has been
 * passed on). Nest's guards would run after that, or not at all in a hybrid app.
 */
export function guardGrpc(guard: GuardPort, clientAddress: ClientAddress): ServerInterceptor {
  return (method, call) => {
    let received: Metadata | undefined;
    const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, next) => {
      received = metadata;
      if (OPEN_METHODS.has(method.path)) {
        boundMessages(call);
        return next(metadata);
      }
      const mayBeEmpty = DOCUMENT_METHODS.has(method.path);
      const admitted = admit(guard, call, metadata, mayBeEmpty).then((principal) => {
        const forwarded = String(metadata.get('x-forwarded-for')[0] ?? '');
        const address = clientAddress(call.getConnectionInfo().remoteAddress, forwarded);
        rememberCaller(metadata, { principal, protocol: 'grpc', address });
      });
      void admitted.then(
        () => next(metadata),
        (err: unknown) => {
          const error = DomainError.from(err);
          logUnforeseen(error);
          guard.onRefused('grpc', error.code);
          call.sendStatus(asStatus(error));
        },
      );
    });
    const responder = new ResponderBuilder()
      .withStart((next) => next(listener.build()))
      .withSendStatus((outcome, next) => {
        const states = received && limitsOf.get(received);
        if (!states) return next(outcome);
        const trailers = outcome.metadata ?? new Metadata();
        for (const [name, value] of Object.entries(formatRateLimit(states))) trailers.set(name.toLowerCase(), value);
        next({ ...outcome, metadata: trailers });
      });
    return new ServerInterceptingCall(call, responder.build());
  };
}

async function admit(
  guard: GuardPort,
  call: InterceptedCall,
  metadata: Metadata,
  mayBeEmpty: boolean,
): Promise<Principal> {
  const [value] = metadata.get('authorization');
  const principal = await guard.authenticate({ authorization: typeof value === 'string' ? value : undefined });
  if (!principal && !mayBeEmpty) throw guard.missing();
  if (!principal) boundStranger(call, guard);
  return principal ?? stranger;
}

/** Of a caller without a token only small messages are read; a larger one carries something to compute. */
function boundStranger(call: InterceptedCall, guard: GuardPort): void {
  boundMessages(call);
  const sendStatus = call.sendStatus.bind(call);
  call.sendStatus = (outcome) =>
    sendStatus(outcome.code === status.RESOURCE_EXHAUSTED ? asStatus(guard.missing()) : outcome);
}

/**
 * Reads no message of the call that is larger than a stranger may send, packed or unpacked. grpc-js has no option for one
 * call, so its own fields are set; the checks make an update that moves them fail loudly and refuse the call.
 */
function boundMessages(call: InterceptedCall): void {
  const decoder: unknown = Reflect.get(call, 'decoder');
  const isKnown = typeof decoder === 'object' && decoder !== null && 'maxReadMessageLength' in decoder;
  if (!isKnown || !('maxReceiveMessageSize' in call)) throw new Error('grpc-js has moved its message limits');
  Reflect.set(decoder, 'maxReadMessageLength', STRANGER_BYTES_MAX);
  Reflect.set(call, 'maxReceiveMessageSize', STRANGER_BYTES_MAX);
}

function asStatus(err: unknown): Parameters<InterceptedCall['sendStatus']>[0] {
  const { code = status.INTERNAL, details = '', metadata = null } = toServiceError(err);
  return { code, details, metadata };
}
