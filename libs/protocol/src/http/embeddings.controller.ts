import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError, type ItemResult, type ModelInfo } from '#core';
import { normalizeResults } from '../normalize.js';
import { checkItemCount, passed } from '../operation.js';
import { ProtocolServices } from '../protocol-services.js';
import { type EmbeddingsFields, type EncodingFormat, inputsOf, readEmbeddingsFields } from './embeddings-request.js';
import { parseItem } from './item-input.js';
import { fieldOf } from './request-fields.js';
import { httpContext } from './http-context.js';
import { setServerTiming } from './server-timing.js';

interface EmbeddingsAnswer {
  object: 'list';
  data: { object: 'embedding'; index: number; embedding: number[] | string }[];
  model: string;
  usage: { prompt_tokens: number; total_tokens: number };
  /** Fields of the request that were ignored, and why; left out where there is none. */
  warnings?: readonly string[];
}

/** OpenAI's embeddings route. A failed item fails the request, since that answer has no place for an error of its own. */
@Controller()
@ApiTags('v1')
export class EmbeddingsController {
  constructor(private readonly services: ProtocolServices) {}

  /** Some clients leave `/v1` out, as other servers let them. */
  @Post(['v1/embeddings', 'embeddings'])
  @HttpCode(200)
  @ApiOperation({ summary: 'Embed texts and images, in the form of OpenAI' })
  async embeddings(@Body() body: unknown, @Res({ passthrough: true }) res: FastifyReply): Promise<EmbeddingsAnswer> {
    const fields = readEmbeddingsFields(body);
    const { model: named, modality, format, warnings } = fields;
    const inputs = inputsOf(fieldOf(body, 'input'));
    checkItemCount(this.services, inputs.length);
    const sources = inputs.map((input, index) => parseItem(input, `input[${index}]`, modality));
    const context = httpContext(res);
    const { model, results } = await passed(
      this.services,
      { operation: 'embeddings', scope: 'encode', model: named, items: sources.length },
      context,
      () => {
        this.checkDimensions(fields);
        return this.services.encode.encode(named, sources, context);
      },
    );
    setServerTiming(res, results);
    const answer = toAnswer(model, fields.normalize ? normalizeResults(results) : results, format);
    return warnings.length === 0 ? answer : { ...answer, warnings };
  }

  private checkDimensions({ dimensions, model }: EmbeddingsFields): void {
    if (dimensions === undefined) return;
    const { name, dimension } = this.services.registry.pool(model).info;
    if (dimensions === dimension) return;
    throw new DomainError(
      'invalid_argument',
      `dimensions is ${dimensions}, but ${name} always gives ${dimension}. Leave "dimensions" out.`,
    );
  }
}

function toAnswer(model: ModelInfo, results: readonly ItemResult[], format: EncodingFormat): EmbeddingsAnswer {
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
