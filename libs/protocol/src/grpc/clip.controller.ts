import type { Metadata, ServerDuplexStream, ServerUnaryCall } from '@grpc/grpc-js';
import { Controller, UseFilters } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import { DomainError, requireScope } from '#core';
import type { EncodePort } from '#serving';
import { callerOf } from '../access/caller.js';
import type { CallContext } from '../call-context.js';
import { admitted, type WhenFull } from '../documents-handler.js';
import { normalizeResults } from '../normalize.js';
import { checkItemCount, counted, passed } from '../operation.js';
import { ProtocolServices } from '../protocol-services.js';
import { withinCall } from './call-context.js';
import { parseEncodeRequest, parseRankRequest, type EncodeCall } from './clip-mapper.js';
import { toErrorMessage, type EncodeReply, type ErrorMessage } from './clip-response.js';
import { encodeRequestReader, servedDefinitions } from './definitions.js';
import { GrpcErrorFilter } from './grpc-error.filter.js';
import { serveStream } from './serve-stream.js';

interface RankReply {
  model: string;
  matches: { index: number; score: number; cosine: number }[];
  errors: { index: number; error: ErrorMessage }[];
}

/** `clip.v1.Clip`: our own API over gRPC. */
@Controller()
@UseFilters(GrpcErrorFilter)
export class ClipController {
  private readonly read = encodeRequestReader(servedDefinitions);

  constructor(private readonly services: ProtocolServices) {}

  @GrpcMethod('Clip', 'Encode')
  async encode(message: unknown, _metadata: unknown, call: ServerUnaryCall<unknown, unknown>): Promise<EncodeReply> {
    const request = parseEncodeRequest(message);
    return withinCall(call, (context) => this.answer(request, context, 'refuse'));
  }

  @GrpcStreamCall('Clip', 'EncodeStream')
  encodeStream(call: ServerDuplexStream<Uint8Array, EncodeReply>): Promise<void> {
    const { streamInFlightMax: inFlightMax, requestBytesMax: bytesMax } = this.services.limits;
    const { activity } = this.services;
    return serveStream(call, { inFlightMax, bytesMax, activity }, async (bytes, context) => {
      const request = parseEncodeRequest(this.read(bytes));
      try {
        return await this.answer(request, context, 'wait');
      } catch (err) {
        return { id: request.id, model: request.model ?? '', results: [], error: DomainError.from(err) };
      }
    });
  }

  @GrpcMethod('Clip', 'Rank')
  async rank(message: unknown, _metadata: unknown, call: ServerUnaryCall<unknown, unknown>): Promise<RankReply> {
    const request = parseRankRequest(message);
    const items = request.candidates.length + 1;
    checkItemCount(this.services, items);
    const ask = { operation: 'rank', scope: 'rank', model: request.model, items } as const;
    const ranking = await withinCall(call, (context) =>
      passed(this.services, ask, context, () => this.services.rank.rank(request, context)),
    );
    const errors = ranking.errors.map(({ index, error }) => ({ index, error: toErrorMessage(error) }));
    return { model: ranking.model.name, matches: [...ranking.results], errors };
  }

  @GrpcMethod('Clip', 'ListModels')
  listModels(_message: unknown, metadata: Metadata): { models: object[] } {
    requireScope(callerOf(metadata, 'grpc').principal, 'models:read');
    const defaultName = this.services.registry.pool().info.name;
    return {
      models: this.services.registry.list().map((model) => ({ ...model, default: model.name === defaultName })),
    };
  }

  private async answer(request: EncodeCall, context: CallContext, whenFull: WhenFull): Promise<EncodeReply> {
    checkItemCount(this.services, request.items.length);
    const { model: named, items } = request;
    const ask = { scope: 'encode', model: named, items: items.length } as const;
    const work = (ctx: CallContext): ReturnType<EncodePort['encode']> => this.services.encode.encode(named, items, ctx);
    const what = { protocol: 'grpc', operation: 'encode', items: items.length } as const;
    const { model, results } = await counted(this.services, what, () =>
      admitted(this.services, ask, context, whenFull, work),
    );
    return { id: request.id, model: model.name, results: request.normalize ? normalizeResults(results) : results };
  }
}
