import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError, type ItemResult, type ModelInfo } from '#core';
import { normalizeResults } from '../normalize.js';
import { checkItemCount, passed } from '../operation.js';
import { ProtocolServices } from '../protocol-services.js';
import { EmbeddingsRequest } from './embeddings.dto.js';
import { httpContext } from './http-context.js';
import { parseItem } from './item-input.js';
import { setServerTiming } from './server-timing.js';

interface EmbeddingsAnswer {
  object: 'list';
  data: { object: 'embedding'; index: number; embedding: number[] | string }[];
  model: string;
  usage: { prompt_tokens: number; total_tokens: number };
}

/** OpenAI's embeddings route. A failed item fails the request, since that answer has no place for an error of its own. */
@Controller('v1')
@ApiTags('v1')
export class EmbeddingsController {
  constructor(private readonly services: ProtocolServices) {}

  @Post('embeddings')
  @HttpCode(200)
  @ApiOperation({ summary: 'Embed texts and images, in the form of OpenAI' })
  async embeddings(
    @Body() body: EmbeddingsRequest,
    @Res({ passthrough: true }) res: FastifyReply,
  ): Promise<EmbeddingsAnswer> {
    const inputs: unknown[] = Array.isArray(body.input) ? body.input : [body.input];
    if (inputs.length === 0)
      throw new DomainError('invalid_argument', 'input is an empty list: give at least one item.');
    const sources = inputs.map((input, index) => parseItem(input, `input[${index}]`, body.modality ?? 'text'));
    checkItemCount(this.services, sources.length);
    this.checkDimensions(body);
    const context = httpContext(res);
    const named = body.model ?? undefined;
    const { model, results } = await passed(
      this.services,
      { operation: 'embeddings', scope: 'encode', model: named, items: sources.length },
      context,
      () => this.services.encode.encode(named, sources, context),
    );
    setServerTiming(res, results);
    return toAnswer(
      model,
      body.normalize === true ? normalizeResults(results) : results,
      body.encoding_format ?? 'float',
    );
  }

  private checkDimensions(body: EmbeddingsRequest): void {
    if (typeof body.dimensions !== 'number') return; // clients send null for what they leave open
    const { name, dimension } = this.services.registry.pool(body.model ?? undefined).info;
    if (body.dimensions === dimension) return;
    throw new DomainError(
      'invalid_argument',
      `dimensions is ${body.dimensions}, but ${name} always gives ${dimension}. Leave "dimensions" out.`,
    );
  }
}

function toAnswer(model: ModelInfo, results: readonly ItemResult[], format: 'float' | 'base64'): EmbeddingsAnswer {
  let tokens = 0;
  const data = results.map((result, index) => {
    if (!result.ok) throw inputError(result.error, index);
    tokens += result.tokens ?? 0;
    const embedding = format === 'base64' ? toBase64(result.embedding) : Array.from(result.embedding);
    return { object: 'embedding', index, embedding } as const;
  });
  return { object: 'list', data, model: model.name, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function inputError(error: DomainError, index: number): DomainError {
  const { internal, retryAfterMs } = error;
  return new DomainError(error.code, `input[${index}]: ${error.message}`, {
    ...(internal === undefined ? {} : { internal }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function toBase64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
