import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '#core';
import type { ItemSource } from '#serving';
import { checkItemCount, passed } from '../operation.js';
import { ProtocolServices } from '../protocol-services.js';
import { candidatesOf, readRankFields } from './embeddings-request.js';
import { fieldOf } from './request-fields.js';
import { httpContext } from './http-context.js';
import { parseItem } from './item-input.js';

interface RankAnswer {
  object: 'list';
  model: string;
  results: { index: number; score: number; cosine: number; candidate?: string }[];
  errors: { index: number; code: string; message: string }[];
  /** Fields of the request that were ignored, and why; left out where there is none. */
  warnings?: readonly string[];
}

/** One query against candidates of either modality. */
@Controller('v1')
@ApiTags('v1')
export class RankController {
  constructor(private readonly services: ProtocolServices) {}

  @Post('rank')
  @HttpCode(200)
  @ApiOperation({ summary: 'Order candidates by how well they fit a query' })
  async rank(@Body() body: unknown, @Res({ passthrough: true }) res: FastifyReply): Promise<RankAnswer> {
    const { model, warnings } = readRankFields(body);
    const inputs = candidatesOf(fieldOf(body, 'candidates'));
    const items = inputs.length + 1;
    checkItemCount(this.services, items);
    const query = queryOf(fieldOf(body, 'query'));
    const candidates = inputs.map((input, index) => parseItem(input, `candidates[${index}]`, 'text'));
    const context = httpContext(res);
    const ranking = await passed(this.services, { operation: 'rank', scope: 'rank', model, items }, context, () =>
      this.services.rank.rank({ model, query, candidates }, context),
    );
    return {
      object: 'list',
      model: ranking.model.name,
      results: ranking.results.map((match) => ({ ...match, ...textOf(candidates[match.index]) })),
      errors: ranking.errors.map(({ index, error }) => ({ index, code: error.code, message: error.message })),
      ...(warnings.length === 0 ? {} : { warnings }),
    };
  }
}

function queryOf(query: unknown): ItemSource {
  if (query !== undefined && query !== null && query !== '') return parseItem(query, 'query', 'text');
  throw new DomainError('invalid_argument', 'query is missing or empty: give a string, {"text": …} or {"image": …}.');
}

/** A text candidate is repeated in its result, so that an answer reads by itself; images are not sent back. */
function textOf(candidate: { kind: string } | undefined): { candidate?: string } {
  return candidate && 'text' in candidate && typeof candidate.text === 'string' ? { candidate: candidate.text } : {};
}
