import type { ServerDuplexStream, ServerUnaryCall } from '@grpc/grpc-js';
import { Controller, Inject, UseFilters } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import { DomainError, type ModelInfo } from '#core';
import { EncodeService, type ModelRegistry, type RankAnswer, RankService } from '#serving';
import { Activity } from '../request/activity.js';
import type { CallContext, WhenFull } from '../request/call.js';
import { FirstByteTimer } from '../request/first-byte.js';
import { failureOf, normalizeResults } from '../request/item-results.js';
import { lookUp, type RequestHandler, RequestPipeline } from '../request/pipeline.js';
import { MODELS, ProtocolLimits } from '../request/protocol-parts.js';
import { withinCall } from './call-context.js';
import { readEncodeRequest, readRankRequest, type EncodeCall } from './clip-request.js';
import { encodeEncodeResponse, toErrorMessage, type EncodeReply, type ErrorMessage } from './clip-response.js';
import { GrpcErrorFilter } from './grpc-errors.js';
import type { OutgoingMessage } from './send-messages.js';
import { serveStream } from './serve-stream.js';

interface RankReply {
  model: string;
  matches: { index: number; score: number; cosine: number }[];
  errors: { index: number; error: ErrorMessage }[];
}

interface ModelsReply {
  models: (ModelInfo & { default: boolean })[];
}

/** `clip.v1.Clip`: our own API over gRPC. */
@Controller()
@UseFilters(GrpcErrorFilter)
export class ClipController {
  constructor(
    private readonly pipeline: RequestPipeline,
    private readonly encoder: EncodeService,
    private readonly ranker: RankService,
    @Inject(MODELS) private readonly models: ModelRegistry,
    private readonly limits: ProtocolLimits,
    private readonly activity: Activity,
    private readonly firstBytes: FirstByteTimer,
  ) {}

  @GrpcMethod('Clip', 'Encode')
  encode(message: Uint8Array, _metadata: unknown, call: ServerUnaryCall<unknown, unknown>): Promise<OutgoingMessage> {
    return withinCall(call, async (context) =>
      encodeEncodeResponse(await this.answer(() => readEncodeRequest(message), context, 'refuse')),
    );
  }

  @GrpcStreamCall('Clip', 'EncodeStream')
  encodeStream(call: ServerDuplexStream<Uint8Array, OutgoingMessage>): Promise<void> {
    const { activity, firstBytes, limits } = this;
    const { streamInFlightMax: inFlightMax, requestBytesMax: bytesMax } = limits;
    return serveStream(call, { inFlightMax, bytesMax, activity, firstBytes }, async (message, context) => {
      const reply = await this.answerOnStream(message, context);
      return () => encodeEncodeResponse(reply);
    });
  }

  @GrpcMethod('Clip', 'Rank')
  rank(message: Uint8Array, _metadata: unknown, call: ServerUnaryCall<unknown, unknown>): Promise<RankReply> {
    return withinCall(call, async (context) => {
      const ranking = await this.pipeline.run(context, this.ranking(message));
      const errors = ranking.errors.map(({ index, error }) => ({ index, error: toErrorMessage(error) }));
      return { model: ranking.model.name, matches: [...ranking.results], errors };
    });
  }

  @GrpcMethod('Clip', 'ListModels')
  listModels(_message: unknown, _metadata: unknown, call: ServerUnaryCall<unknown, unknown>): Promise<ModelsReply> {
    const { pipeline, models } = this;
    return withinCall(call, (context) =>
      pipeline.run(
        context,
        lookUp('models', () => {
          const defaultName = models.pool().info.name;
          return { models: models.list().map((model) => ({ ...model, default: model.name === defaultName })) };
        }),
      ),
    );
  }

  /**
   * A request that fails on a stream is answered by its failure, under its id; the others go on. One that cannot be
   * read ends it.
   */
  private async answerOnStream(message: Uint8Array, context: CallContext): Promise<EncodeReply> {
    let request: EncodeCall | undefined;
    try {
      return await this.answer(async () => (request = await readEncodeRequest(message)), context, 'wait');
    } catch (err) {
      if (!request) throw err;
      return { id: request.id, model: request.model ?? '', results: [], error: DomainError.from(err) };
    }
  }

  private answer(read: () => Promise<EncodeCall>, context: CallContext, whenFull: WhenFull): Promise<EncodeReply> {
    return this.pipeline.run(context, {
      operation: 'encode',
      read: async (call) => {
        const { id, model: named, count, normalize, items } = await read();
        call.items = count;
        call.model = named;
        call.whenFull = whenFull;
        return async () => {
          const sources = await items();
          return async (ctx) => {
            const { model, results } = await this.encoder.encode(named, sources, ctx);
            call.failure = failureOf(results.find((result) => !result.ok)?.error);
            return { id, model: model.name, results: normalize ? normalizeResults(results) : results };
          };
        };
      },
    });
  }

  private ranking(message: Uint8Array): RequestHandler<RankAnswer> {
    return {
      operation: 'rank',
      read: async (call) => {
        const { model, count, items } = await readRankRequest(message);
        call.items = count;
        call.model = model;
        return async () => {
          const sources = await items();
          return async (ctx) => {
            const ranking = await this.ranker.rank({ model, ...sources }, ctx);
            call.failure = failureOf(ranking.errors[0]?.error);
            return ranking;
          };
        };
      },
    };
  }
}
