import { Controller, Get, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type ModelInfo, requireScope } from '#core';
import { callerOf } from '../request/caller.js';
import { Describe } from '../openapi/describe.js';
import { ACCESS_FAILURES } from '../openapi/failures.js';
import { ProtocolServices } from '../request/protocol-services.js';
import { wildcardOf } from './wildcard.js';

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

  constructor(private readonly services: ProtocolServices) {
    this.created = Math.floor(services.clock.wallMs() / 1000);
  }

  @Get()
  @Describe({
    id: 'listModels',
    summary: 'The served models',
    answer: { description: 'The models, the default one among them', schema: 'Models' },
    fails: { as: 'OpenAiError', with: ACCESS_FAILURES },
  })
  list(@Req() req: FastifyRequest): { object: 'list'; data: ModelAnswer[] } {
    mayRead(req);
    return { object: 'list', data: this.services.registry.list().map((model) => this.toAnswer(model)) };
  }

  /** A wildcard, since model names hold slashes (`M-CLIP/…`). */
  @Get('*')
  @Describe({
    id: 'getModel',
    summary: 'One served model',
    answer: { description: 'The model', schema: 'Model' },
    fails: { as: 'OpenAiError', with: [...ACCESS_FAILURES, 'model_unknown'] },
  })
  one(@Req() req: FastifyRequest): ModelAnswer {
    mayRead(req);
    return this.toAnswer(this.services.registry.pool(wildcardOf(req)).info);
  }

  private toAnswer(model: ModelInfo): ModelAnswer {
    const isDefault = this.services.registry.pool().info.name === model.name;
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

function mayRead(req: FastifyRequest): void {
  requireScope(callerOf(req.raw, 'http').principal, 'models:read');
}
