import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, ItemError } from '#core';
import type { ItemSource, RankAnswer } from '#serving';
import type { CallContext } from '../request/call-context.js';
import { JsonOutline } from '../codec/index.js';
import { Describe } from '../openapi/describe.js';
import { ITEM_FAILURES } from '../openapi/failures.js';
import { RED_SQUARE } from '../openapi/examples.js';
import { LIMITS } from '../openapi/headers.js';
import { checkItemCount, counted, type Tally } from '../request/operation.js';
import { ProtocolServices } from '../request/protocol-services.js';
import { readRankFields } from './embeddings-request.js';
import { httpContext } from './http-context.js';
import { ItemList } from './item-list.js';
import { sendJson } from './json-answer.js';
import { readBody } from './request-body.js';
import { plainFields } from './request-fields.js';

const MISSING_QUERY = 'query is missing or empty: give a string, {"text": …} or {"image": …}.';
const MISSING_CANDIDATES = 'candidates is missing: give a list of items.';

/** One query against candidates of either modality. */
@Controller('v1')
@ApiTags('v1')
export class RankController {
  constructor(private readonly services: ProtocolServices) {}

  @Post('rank')
  @HttpCode(200)
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
    const context = httpContext(res);
    const ranked = await counted(this.services, context, 'rank', (tally) => this.answer(req, context, tally));
    await sendJson(res, pieces(ranked));
  }

  private async answer(req: FastifyRequest, context: CallContext, tally: Tally): Promise<Ranked> {
    const { gate } = this.services;
    gate.checkScope('rank', context);
    const body = await JsonOutline.ofBody(await readBody(req));
    const { model, warnings } = readRankFields(plainFields(body, ['query', 'candidates']));
    const inputs = ItemList.of(body, 'candidates', MISSING_CANDIDATES);
    const asked = ItemList.of(body, 'query', MISSING_QUERY);
    if (!inputs.isList) throw new DomainError('invalid_argument', 'candidates must be a list of items.');
    const items = inputs.count + 1;
    tally.items = items;
    checkItemCount(this.services, items);
    const ask = { scope: 'rank', model, items } as const;
    gate.check(ask, context);
    const query = await asked.readOne();
    const candidates = await inputs.read('text');
    const ranking = await gate.pass(ask, context, () => this.services.rank.rank({ model, query, candidates }, context));
    const [failed] = ranking.errors;
    tally.failure = failed && new ItemError(failed.error, failed.error.message);
    return { ranking, candidates, warnings };
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
