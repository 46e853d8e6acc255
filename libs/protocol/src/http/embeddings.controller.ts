import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, ItemError, type ItemResult, type ModelInfo } from '#core';
import { EncodeService, type ModelRegistry } from '#serving';
import { JsonOutline } from '../codec/index.js';
import { normalizeResults } from '../request/item-results.js';
import { Describe, RED_SQUARE } from '../openapi/describe.js';
import { ITEM_FAILURES } from '../openapi/failures.js';
import { LIMITS, TIMING } from '../openapi/headers.js';
import { type RequestHandler, RequestPipeline } from '../request/pipeline.js';
import { MODELS } from '../request/protocol-parts.js';
import { type EmbeddingsFields, type EncodingFormat, readEmbeddingsFields } from './embeddings-request.js';
import { httpContext } from './http-context.js';
import { ItemList } from './item-list.js';
import { sendJson, setServerTiming } from './json-answer.js';
import { Needs } from './http-access.js';
import { readBody } from './request-body.js';
import { plainFields } from './request-fields.js';

const MISSING = 'input is missing or empty: give a string, an item or a list of them.';

/**
 * OpenAI's embeddings route. A failed item fails the request, since that answer has no place for an error of its own.
 */
@Controller()
@ApiTags('v1')
export class EmbeddingsController {
  constructor(
    private readonly pipeline: RequestPipeline,
    private readonly encode: EncodeService,
    @Inject(MODELS) private readonly models: ModelRegistry,
  ) {}

  /** Some clients leave `/v1` out, as other servers let them. */
  @Post(['v1/embeddings', 'embeddings'])
  @HttpCode(200)
  @Needs('encode')
  @Describe({
    id: 'createEmbeddings',
    summary: 'Embed texts and images, in the form of OpenAI',
    body: {
      schema: 'EmbeddingsRequest',
      examples: {
        'one text': { input: 'a photo of a cat' },
        'texts and images': { input: ['a photo of a cat', { text: 'a red square' }, { image: RED_SQUARE }] },
        'as base64, of length 1': { input: ['a cat', 'a dog'], encoding_format: 'base64', normalize: true },
        'plain strings are images': { input: [RED_SQUARE], modality: 'image' },
        'as chat messages write an image': { input: [{ type: 'image_url', image_url: { url: RED_SQUARE } }] },
      },
    },
    answer: {
      description: 'The vectors, in the order of the items. An item that fails, fails the request',
      schema: 'EmbeddingsAnswer',
      headers: { ...LIMITS, ...TIMING },
    },
    fails: { as: 'OpenAiError', with: ITEM_FAILURES },
  })
  async embeddings(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    const answer = await this.pipeline.run(httpContext(res), this.handler(req));
    setServerTiming(res, answer.results);
    await sendJson(res, answer.pieces);
  }

  private handler(req: FastifyRequest): RequestHandler<Answer> {
    return {
      operation: 'embeddings',
      read: async (call) => {
        const body = await JsonOutline.ofBody(await readBody(req));
        const fields = readEmbeddingsFields(plainFields(body, ['input']));
        const items = ItemList.of(body, 'input', MISSING);
        call.items = items.count;
        call.model = fields.model;
        if (items.count === 0) {
          throw new DomainError('invalid_argument', 'input is an empty list: give at least one item.');
        }
        return async () => {
          this.checkDimensions(fields);
          const sources = await items.read(fields.modality);
          return async (context) => {
            const { model, results } = await this.encode.encode(fields.model, sources, context);
            const vectors = fields.normalize ? normalizeResults(results) : results;
            return { results, pieces: answerPieces(model, vectors, fields.format, fields.warnings) };
          };
        };
      },
    };
  }

  private checkDimensions({ dimensions, model }: EmbeddingsFields): void {
    if (dimensions === undefined) return;
    const { name, dimension } = this.models.pool(model).info;
    if (dimensions === dimension) return;
    throw new DomainError(
      'invalid_argument',
      `dimensions is ${dimensions}, but ${name} always gives ${dimension}. Leave "dimensions" out.`,
    );
  }
}

interface Answer {
  readonly results: readonly ItemResult[];
  /** The body. */
  readonly pieces: Iterable<string>;
}

/**
 * The answer in the form of OpenAI, an item a piece. `warnings` tell which fields of the request were ignored and why.
 * Throws at once when an item has failed.
 */
function answerPieces(
  model: ModelInfo,
  results: readonly ItemResult[],
  format: EncodingFormat,
  warnings: readonly string[],
): Iterable<string> {
  let tokens = 0;
  const vectors = results.map((result, index) => {
    if (!result.ok) throw new ItemError(result.error, `input[${index}]: ${result.error.message}`);
    tokens += result.tokens ?? 0;
    return result.embedding;
  });
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return pieces(vectors, format, { model: model.name, usage, ...(warnings.length === 0 ? {} : { warnings }) });
}

function* pieces(vectors: readonly Float32Array[], format: EncodingFormat, rest: object): Generator<string, void> {
  yield '{"object":"list","data":[';
  for (const [index, vector] of vectors.entries()) {
    const embedding = format === 'base64' ? toBase64(vector) : Array.from(vector);
    yield (index === 0 ? '' : ',') + JSON.stringify({ object: 'embedding', index, embedding });
  }
  yield `],${JSON.stringify(rest).slice(1)}`;
}

function toBase64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
