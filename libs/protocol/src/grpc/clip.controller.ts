import type { ServerDuplexStream, ServerUnaryCall } from '@grpc/grpc-js';
import { Controller, UseFilters } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import { DomainError, ItemError } from '#core';
import type { RankAnswer } from '#serving';
import type { Ask } from '../request/gate.js';
import type { CallContext } from '../request/call-context.js';
import { admitted, type WhenFull } from '../request/documents-handler.js';
import { normalizeResults } from '../request/normalize.js';
import { checkItemCount, counted, failureOf, type Tally } from '../request/operation.js';
import { ProtocolServices } from '../request/protocol-services.js';
import { withinCall } from './call-context.js';
import { readEncodeRequest, readRankRequest, type EncodeCall } from './clip-request.js';
import { encodeEncodeResponse, toErrorMessage, type EncodeReply, type ErrorMessage } from './clip-response.js';
import { GrpcErrorFilter } from './grpc-error.filter.js';
import type { OutgoingMessage } from './outgoing-message.js';
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
  constructor(private readonly services: ProtocolServices) {}

  @GrpcMethod('Clip', 'Encode')
  encode(message: Uint8Array, _metadata: unknown, call: ServerUnaryCall<unknown, unknown>): Promise<OutgoingMessage> {
    return withinCall(call, async (context) =>
      encodeEncodeResponse(await this.answer(() => readEncodeRequest(message), context, 'refuse')),
    );
  }

  @GrpcStreamCall('Clip', 'EncodeStream')
  encodeStream(call: ServerDuplexStream<Uint8Array, OutgoingMessage>): Promise<void> {
    const { streamInFlightMax: inFlightMax, requestBytesMax: bytesMax } = this.services.limits;
    const { activity } = this.services;
    return serveStream(call, { inFlightMax, bytesMax, activity }, async (message, context) => {
      const reply = await this.answerOnStream(message, context);
      return () => encodeEncodeResponse(reply);
    });
  }

  @GrpcMethod('Clip', 'Rank')
  rank(message: Uint8Array, _metadata: unknown, call: ServerUnaryCall<unknown, unknown>): Promise<RankReply> {
    return withinCall(call, async (context) => {
      const ranking = await counted(this.services, context, 'rank', (tally) => this.ranking(message, context, tally));
      const errors = ranking.errors.map(({ index, error }) => ({ index, error: toErrorMessage(error) }));
      return { model: ranking.model.name, matches: [...ranking.results], errors };
    });
  }

  @GrpcMethod('Clip', 'ListModels')
  listModels(): { models: object[] } {
    const defaultName = this.services.registry.pool().info.name;
    return {
      models: this.services.registry.list().map((model) => ({ ...model, default: model.name === defaultName })),
    };
  }

  /** A request that fails on a stream is answered by its failure, under its id; the others go on. One that cannot be read ends it. */
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
    return counted(this.services, context, 'encode', async (tally) => {
      const request = await read();
      const { id, model: named, count, normalize } = request;
      const ask = { scope: 'encode', model: named, items: count } as const;
      tally.items = count;
      this.checkBeforeReading(ask, context);
      context.noteItems?.(count);
      const items = await request.items();
      const { model, results } = await admitted(this.services, ask, context, whenFull, (ctx) =>
        this.services.encode.encode(named, items, ctx),
      );
      tally.failure = failureOf(results);
      return { id, model: model.name, results: normalize ? normalizeResults(results) : results };
    });
  }

  private async ranking(message: Uint8Array, context: CallContext, tally: Tally): Promise<RankAnswer> {
    const request = await readRankRequest(message);
    const { model, count: items } = request;
    const ask = { scope: 'rank', model, items } as const;
    tally.items = items;
    this.checkBeforeReading(ask, context);
    const sources = await request.items();
    const ranking = await this.services.gate.pass(ask, context, () =>
      this.services.rank.rank({ model, ...sources }, context),
    );
    const [failed] = ranking.errors;
    tally.failure = failed && new ItemError(failed.error, failed.error.message);
    return ranking;
  }

  /** Nothing is made of a request with too many items, or of a caller who may not ask for it. */
  private checkBeforeReading(ask: Ask, context: CallContext): void {
    checkItemCount(this.services, ask.items);
    this.services.gate.check(ask, context);
  }
}
