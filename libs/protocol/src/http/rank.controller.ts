import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#core';
import { type ItemSource, type RankAnswer, RankService } from '#serving';
import { JsonOutline } from '../codec/index.js';
import { Describe, RED_SQUARE } from '../openapi/describe.js';
import { ITEM_FAILURES } from '../openapi/failures.js';
import { LIMITS } from '../openapi/headers.js';
import { failureOf } from '../request/item-results.js';
import { type RequestHandler, RequestPipeline } from '../request/pipeline.js';
import { readRankFields } from './embeddings-request.js';
import { httpContext } from './http-context.js';
import { ItemList } from './item-list.js';
import { sendJson } from './json-answer.js';
import { Needs } from './http-access.js';
import { readBody } from './request-body.js';
import { plainFields } from './request-fields.js';

const MISSING_QUERY = 'query is missing or empty: give a string, {"text": …} or {"image": …}.';
const MISSING_CANDIDATES = 'candidates is missing: give a list of items.';

/** One query against candidates of either modality. */
@Controller('v1')
@ApiTags('v1')
export class RankController {
  constructor(
    private readonly pipeline: RequestPipeline,
    private readonly ranking: RankService,
  ) {}

  @Post('rank')
  @HttpCode(200)
  @Needs('rank')
  @Describe({
    id: 'rank',
    summary: 'Order candidates by how well they fit a query',
    body: {
      schema: 'RankRequest',
      examples: {
        'a text against texts': { query: 'a cat', candidates: ['a kitten', 'a bus'] },
        'an image against texts': { query: { image: RED_SQUARE }, candidates: ['a red square', 'a blue square'] },
      },
    },
    answer: {
      description: 'The candidates, best first; those that failed in `errors`',
      schema: 'RankAnswer',
      headers: LIMITS,
    },
    fails: { as: 'OpenAiError', with: [...ITEM_FAILURES, 'rank_without_matches'] },
  })
  async rank(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    await sendJson(res, pieces(await this.pipeline.run(httpContext(res), this.handler(req))));
  }

  private handler(req: FastifyRequest): RequestHandler<Ranked> {
    return {
      operation: 'rank',
      read: async (call) => {
        const body = await JsonOutline.ofBody(await readBody(req));
        const { model, warnings } = readRankFields(plainFields(body, ['query', 'candidates']));
        const inputs = ItemList.of(body, 'candidates', MISSING_CANDIDATES);
        const asked = ItemList.of(body, 'query', MISSING_QUERY);
        if (!inputs.isList) throw new DomainError('invalid_argument', 'candidates must be a list of items.');
        call.items = inputs.count + 1;
        call.model = model;
        return async () => {
          const query = await asked.readOne();
          const candidates = await inputs.read('text');
          return async (context) => {
            const ranking = await this.ranking.rank({ model, query, candidates }, context);
            call.failure = failureOf(ranking.errors[0]?.error);
            return { ranking, candidates, warnings };
          };
        };
      },
    };
  }
}

interface Ranked {
  readonly ranking: RankAnswer;
  readonly candidates: readonly ItemSource[];
  /** Fields of the request that were ignored, and why. */
  readonly warnings: readonly string[];
}

/** The answer, a candidate a piece. */
function* pieces({ ranking, candidates, warnings }: Ranked): Generator<string, void> {
  const { model, results, errors } = ranking;
  yield `{"object":"list","model":${JSON.stringify(model.name)},"results":[`;
  for (const [place, match] of results.entries()) {
    yield (place === 0 ? '' : ',') + JSON.stringify({ ...match, ...textOf(candidates[match.index]) });
  }
  yield '],"errors":[';
  for (const [place, { index, error }] of errors.entries()) {
    yield (place === 0 ? '' : ',') + JSON.stringify({ index, code: error.code, message: error.message });
  }
  yield warnings.length === 0 ? ']}' : `],"warnings":${JSON.stringify(warnings)}}`;
}

/** A text candidate is repeated in its result, so that an answer reads by itself; images are not sent back. */
function textOf(candidate: ItemSource | undefined): { candidate?: string } {
  return candidate?.kind === 'text' ? { candidate: candidate.text } : {};
}
