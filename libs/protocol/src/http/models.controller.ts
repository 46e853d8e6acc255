import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, ModelInfo } from '#core';
import type { ModelRegistry } from '#serving';
import { Describe } from '../openapi/describe.js';
import { ACCESS_FAILURES } from '../openapi/failures.js';
import { lookUp, RequestPipeline } from '../request/pipeline.js';
import { CLOCK, MODELS } from '../request/protocol-parts.js';
import { httpContext } from './http-context.js';
import { Needs } from './http-access.js';

interface ModelAnswer extends ModelInfo {
  id: string;
  object: 'model';
  created: number;
  owned_by: string;
  default: boolean;
}

/** The models that are served, in OpenAI's form plus what a caller needs to know of a CLIP model. */
@Controller(['v1/models', 'models'])
@ApiTags('v1')
export class ModelsController {
  private readonly created: number;

  constructor(
    private readonly pipeline: RequestPipeline,
    @Inject(MODELS) private readonly models: ModelRegistry,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.created = Math.floor(clock.wallMs() / 1000);
  }

  @Get()
  @Needs('models:read')
  @Describe({
    id: 'listModels',
    summary: 'The served models',
    answer: { description: 'The models, the default one among them', schema: 'Models' },
    fails: { as: 'OpenAiError', with: ACCESS_FAILURES },
  })
  list(@Res({ passthrough: true }) res: FastifyReply): Promise<{ object: 'list'; data: ModelAnswer[] }> {
    return this.answer(res, () => ({
      object: 'list',
      data: this.models.list().map((model) => this.toAnswer(model)),
    }));
  }

  /** A wildcard, since model names hold slashes (`M-CLIP/…`). */
  @Get('*')
  @Needs('models:read')
  @Describe({
    id: 'getModel',
    summary: 'One served model',
    answer: { description: 'The model', schema: 'Model' },
    fails: { as: 'OpenAiError', with: [...ACCESS_FAILURES, 'model_unknown'] },
  })
  one(@Req() req: FastifyRequest, @Res({ passthrough: true }) res: FastifyReply): Promise<ModelAnswer> {
    return this.answer(res, () => this.toAnswer(this.models.pool(wildcardOf(req)).info));
  }

  private answer<Answer>(res: FastifyReply, read: () => Answer): Promise<Answer> {
    return this.pipeline.run(httpContext(res), lookUp('models', read));
  }

  private toAnswer(model: ModelInfo): ModelAnswer {
    const isDefault = this.models.pool().info.name === model.name;
    return {
      id: model.name,
      object: 'model',
      created: this.created,
      owned_by: 'clip-as-service',
      ...model,
      default: isDefault,
    };
  }
}

/** What the `*` at the end of a route's path stands for, decoded; empty where the route has none. */
function wildcardOf({ params }: FastifyRequest): string {
  const isRecord = typeof params === 'object' && params !== null;
  return isRecord && '*' in params && typeof params['*'] === 'string' ? params['*'] : '';
}
