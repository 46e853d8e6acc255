import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '#core';
import { checkItemCount, passed } from '../operation.js';
import { ProtocolServices } from '../protocol-services.js';
import { RankBody } from './embeddings.dto.js';
import { httpContext } from './http-context.js';
import { parseItem } from './item-input.js';

interface RankAnswer {
  object: 'list';
  model: string;
  results: { index: number; score: number; cosine: number; candidate?: string }[];
  errors: { index: number; code: string; message: string }[];
}

/** One query against candidates of either modality. */
@Controller('v1')
@ApiTags('v1')
export class RankController {
  constructor(private readonly services: ProtocolServices) {}

  @Post('rank')
  @HttpCode(200)
  @ApiOperation({ summary: 'Order candidates by how well they fit a query' })
  async rank(@Body() body: RankBody, @Res({ passthrough: true }) res: FastifyReply): Promise<RankAnswer> {
    const { candidates: inputs } = body;
    if (!Array.isArray(inputs)) throw new DomainError('invalid_argument', 'candidates is not a list.');
    const query = parseItem(body.query, 'query', 'text');
    const candidates = inputs.map((input, index) => parseItem(input, `candidates[${index}]`, 'text'));
    const items = candidates.length + 1;
    checkItemCount(this.services, items);
    const context = httpContext(res);
    const model = body.model ?? undefined;
    const ranking = await passed(this.services, { operation: 'rank', scope: 'rank', model, items }, context, () =>
      this.services.rank.rank({ model, query, candidates }, context),
    );
    return {
      object: 'list',
      model: ranking.model.name,
      results: ranking.results.map((match) => ({ ...match, ...textOf(candidates[match.index]) })),
      errors: ranking.errors.map(({ index, error }) => ({ index, code: error.code, message: error.message })),
    };
  }
}

/** A text candidate is repeated in its result, so that an answer reads by itself; images are not sent back. */
function textOf(candidate: { kind: string } | undefined): { candidate?: string } {
  return candidate && 'text' in candidate && typeof candidate.text === 'string' ? { candidate: candidate.text } : {};
}
