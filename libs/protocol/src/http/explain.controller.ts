import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#core';
import { EXPLAIN_TEXTS_MAX, explainedItems, type Explanation, ExplainService, type ItemSource } from '#serving';
import { JsonOutline } from '../codec/index.js';
import { Describe, RED_SQUARE } from '../openapi/describe.js';
import { ITEM_FAILURES } from '../openapi/failures.js';
import { LIMITS, TIMING } from '../openapi/headers.js';
import { type RequestHandler, RequestPipeline } from '../request/pipeline.js';
import { type ExplainFields, readExplainFields } from './explain-request.js';
import { Needs } from './http-access.js';
import { httpContext } from './http-context.js';
import { ItemList } from './item-list.js';
import { sendJson, setServerTiming } from './json-answer.js';
import { readBody } from './request-body.js';
import { plainFields } from './request-fields.js';

const MISSING_IMAGE = 'image is missing or empty: give base64, a data URI, an address or {"image": …}.';
const MISSING_TEXTS = `texts is missing: give a list of 1 to ${EXPLAIN_TEXTS_MAX} texts.`;

/** Which regions of an image carry its score with each text. */
@Controller('v1')
@ApiTags('v1')
export class ExplainController {
  constructor(
    private readonly pipeline: RequestPipeline,
    private readonly service: ExplainService,
  ) {}

  @Post('explain')
  @HttpCode(200)
  @Needs('rank')
  @Describe({
    id: 'explain',
    summary: 'Map which regions of an image carry its score with texts',
    description:
      'Encodes the image and grid² copies of it, each with one cell covered by the mean colour, as bulk work of one request. All of them ' +
      'and the texts count against limits.',
    body: {
      schema: 'ExplainRequest',
      examples: {
        'an image against texts': { image: RED_SQUARE, texts: ['a red square', 'a blue square'], grid: 3 },
        'with the pixels that the model saw': {
          image: { image: RED_SQUARE },
          texts: ['a square'],
          grid: 3,
          square: true,
        },
      },
    },
    answer: {
      description: 'A map of each text, in their order. An item that fails, fails the request',
      schema: 'ExplainAnswer',
      headers: { ...LIMITS, ...TIMING },
    },
    fails: { as: 'OpenAiError', with: ITEM_FAILURES },
  })
  async explain(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    const explained = await this.pipeline.run(httpContext(res), this.handler(req));
    setServerTiming(res, explained.explanation.results);
    await sendJson(res, pieces(explained));
  }

  private handler(req: FastifyRequest): RequestHandler<Explained> {
    return {
      operation: 'explain',
      read: async (call) => {
        const body = await JsonOutline.ofBody(await readBody(req));
        const fields = readExplainFields(plainFields(body, ['image', 'texts']));
        const image = ItemList.of(body, 'image', MISSING_IMAGE);
        const given = ItemList.of(body, 'texts', MISSING_TEXTS);
        checkTexts(given);
        call.items = explainedItems(fields.grid, given.count);
        call.model = fields.model;
        return async () => {
          const source = imageOf(await image.readOne('image'));
          const texts = (await given.read('text')).map(textOf);
          return async (context) => {
            const explanation = await this.service.explain({ ...fields, image: source, texts }, context);
            return { explanation, texts, fields };
          };
        };
      },
    };
  }
}

interface Explained {
  readonly explanation: Explanation;
  readonly texts: readonly string[];
  readonly fields: ExplainFields;
}

function checkTexts({ isList, count }: ItemList): void {
  if (isList && count >= 1 && count <= EXPLAIN_TEXTS_MAX) return;
  throw new DomainError('invalid_argument', `texts must be a list of 1 to ${EXPLAIN_TEXTS_MAX} texts.`);
}

function imageOf(source: ItemSource): Exclude<ItemSource, { kind: 'text' }> {
  if (source.kind !== 'text') return source;
  throw new DomainError('invalid_argument', 'image is a text: give base64, a data URI, an address or {"image": …}.');
}

function textOf(source: ItemSource, index: number): string {
  if (source.kind === 'text') return source.text;
  throw new DomainError('invalid_argument', `texts[${index}] is an image: give a text.`);
}

/** The answer, a text a piece. */
function* pieces({ explanation, texts, fields }: Explained): Generator<string, void> {
  const { model, square, results } = explanation;
  const { grid, mode } = fields;
  yield JSON.stringify({ object: 'explanation', model: model.name, grid, mode }).slice(0, -1) + ',"results":[';
  for (const [index, { cosine, score }] of explanation.texts.entries()) {
    yield (index === 0 ? '' : ',') + JSON.stringify({ index, text: texts[index], cosine, score });
  }
  yield ']';
  if (fields.square) {
    yield `,"square":${JSON.stringify({ side: square.side, rgb: Buffer.from(square.data).toString('base64') })}`;
  }
  const tokens = results.reduce((sum, result) => sum + ((result.ok ? result.tokens : 0) ?? 0), 0);
  const images = results.length - texts.length;
  const usage = { items: results.length, images, texts: texts.length, prompt_tokens: tokens, total_tokens: tokens };
  yield `,"usage":${JSON.stringify(usage)}}`;
}
