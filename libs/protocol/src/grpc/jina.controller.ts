import type { ServerDuplexStream, ServerUnaryCall } from '@grpc/grpc-js';
import { Controller, Inject, UseFilters } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import type { Clock } from '#core';
import { DocumentService } from '#serving';
import { Activity } from '../request/activity.js';
import type { CallContext, WhenFull } from '../request/call.js';
import { encodeDataResponsePieces, readDataRequest } from '../codec/index.js';
import { documentsHandler, type IncomingDocuments } from '../request/documents.js';
import { FirstByteTimer } from '../request/first-byte.js';
import { serverInfo, SERVED_ENDPOINTS, ServiceState } from '../request/server-info.js';
import { RequestPipeline } from '../request/pipeline.js';
import { CLOCK, ProtocolLimits } from '../request/protocol-parts.js';
import { withinCall } from './call-context.js';
import { GrpcErrorFilter } from './grpc-errors.js';
import { inOrder, serveStream } from './serve-stream.js';
import { OutgoingMessage } from './send-messages.js';

/** Makes an answer, when its client has room for it. */
type Encode = () => Promise<OutgoingMessage>;

/** The services that the Python client speaks, message by message as the original gateway answers them. */
@Controller()
@UseFilters(GrpcErrorFilter)
export class JinaController {
  constructor(
    private readonly pipeline: RequestPipeline,
    private readonly documents: DocumentService,
    private readonly limits: ProtocolLimits,
    private readonly activity: Activity,
    private readonly firstBytes: FirstByteTimer,
    private readonly service: ServiceState,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @GrpcStreamCall('JinaRPC', 'Call')
  call(call: ServerDuplexStream<Uint8Array, OutgoingMessage>): Promise<void> {
    const { activity, firstBytes, limits } = this;
    const { streamInFlightMax, requestBytesMax: bytesMax } = limits;
    const bounds = { inFlightMax: readPrefetch(call, streamInFlightMax), bytesMax, activity, firstBytes };
    const answer = (message: Uint8Array, context: CallContext): Promise<Encode> =>
      this.answer(message, context, 'wait');
    return serveStream(call, bounds, asksForOrder(call) ? inOrder(answer) : answer);
  }

  @GrpcMethod('JinaSingleDataRequestRPC', 'process_single_data')
  single(message: Uint8Array, _metadata: unknown, call: ServerUnaryCall<unknown, unknown>): Promise<OutgoingMessage> {
    return withinCall(call, async (context) => (await this.answer(message, context, 'refuse'))());
  }

  @GrpcMethod('JinaDiscoverEndpointsRPC', 'endpoint_discovery')
  endpoints(): { endpoints: string[]; writeEndpoints: string[] } {
    return { endpoints: SERVED_ENDPOINTS, writeEndpoints: [] };
  }

  @GrpcMethod('JinaGatewayDryRunRPC', 'dry_run')
  dryRun(): { code: string; description: string } {
    return this.service.isReady()
      ? { code: 'SUCCESS', description: '' }
      : { code: 'ERROR', description: 'The default model is not ready. Try again shortly.' };
  }

  @GrpcMethod('JinaInfoRPC', '_status')
  info(): ReturnType<typeof serverInfo> {
    return serverInfo(this.service.version);
  }

  private async answer(message: Uint8Array, context: CallContext, whenFull: WhenFull): Promise<Encode> {
    const receivedAtMs = this.clock.wallMs();
    const read = async (): Promise<IncomingDocuments> => ({
      request: await readDataRequest(message, receivedAtMs),
      whenFull,
    });
    const response = await this.pipeline.run(context, documentsHandler(this.documents, read));
    return async () => new OutgoingMessage(await encodeDataResponsePieces(response));
  }
}

/**
 * `results_in_order=True` of the Python client, which leaves the order of a gRPC stream to the gateway; over HTTP and
 * WebSocket it sorts itself.
 */
function asksForOrder(call: ServerDuplexStream<Uint8Array, unknown>): boolean {
  return call.metadata.get('__results_in_order__')[0] === 'true';
}

/** The client's `__prefetch__` lowers how many requests of its stream are in flight; it cannot raise it above ours. */
function readPrefetch(call: ServerDuplexStream<Uint8Array, unknown>, most: number): number {
  const [value] = call.metadata.get('__prefetch__');
  const asked = Number(value);
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, most) : most;
}
