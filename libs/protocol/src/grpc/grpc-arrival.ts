import { type Metadata, status } from '@grpc/grpc-js';
import type { ErrorCode, ReadField, RequestTrace, SpanDescription } from '#core';
import { rememberArrival, StreamArrival, type Tracing, userAgentAttribute } from '../request/arrival.js';
import { callerOf } from '../request/caller.js';

const readMetadata: ReadField<Metadata> = (metadata, name) => {
  const [value] = metadata.get(name);
  return typeof value === 'string' ? value : undefined;
};

/** What is known of a call when its head has been read. */
export interface GrpcHead {
  readonly requestId: string;
  readonly metadata: Metadata;
  /** `/clip.v1.Clip/Encode`. */
  readonly path: string;
}

/** Begins the trace of a gRPC call; of a stream, that of its first request. */
export function beginGrpcTrace(tracing: Tracing, head: GrpcHead): GrpcArrival {
  const trace = tracing.tracer.begin(head.requestId, head.metadata, readMetadata);
  const arrival = new GrpcArrival(tracing, head, trace);
  rememberArrival(head.metadata, arrival);
  return arrival;
}

/** A request over gRPC, by OpenTelemetry's conventions for RPC. Each message of a stream is one. */
export class GrpcArrival extends StreamArrival {
  /** The status that the call was answered with. */
  statusCode: status | undefined;

  constructor(
    tracing: Tracing,
    private readonly head: GrpcHead,
    trace: RequestTrace,
  ) {
    super('grpc', tracing, trace);
  }

  /** The call ended with this status. A request that has not been told apart ends with it. */
  close(code: status): void {
    this.statusCode = code;
    if (code !== status.OK) this.refuse({ code: OUTCOMES.get(code) ?? 'internal' });
    this.end();
  }

  protected another(trace: RequestTrace): GrpcArrival {
    return new GrpcArrival(this.tracing, this.head, trace);
  }

  describe(): SpanDescription {
    const { metadata, path } = this.head;
    const { address } = callerOf(metadata, 'grpc');
    const method = path.slice(1);
    const code = this.statusCode ?? (this.outcome === 'cancelled' ? status.CANCELLED : status.OK);
    return {
      name: method,
      attributes: {
        'rpc.system.name': 'grpc',
        'rpc.method': method,
        'rpc.response.status_code': status[code],
        'network.protocol.name': 'http',
        'network.protocol.version': '2',
        'client.address': address,
        ...userAgentAttribute(readMetadata(metadata, 'user-agent')),
      },
    };
  }
}

/** What a call was refused for that no handler has seen, by its status. */
const OUTCOMES = new Map<status, ErrorCode>([
  [status.CANCELLED, 'cancelled'],
  [status.INVALID_ARGUMENT, 'invalid_argument'],
  [status.DEADLINE_EXCEEDED, 'deadline_exceeded'],
  [status.PERMISSION_DENIED, 'permission_denied'],
  [status.RESOURCE_EXHAUSTED, 'request_too_large'],
  [status.UNIMPLEMENTED, 'unimplemented'],
  [status.UNAVAILABLE, 'unavailable'],
  [status.UNAUTHENTICATED, 'unauthenticated'],
]);
