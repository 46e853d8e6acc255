import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { packageVersion } from '#core';
import { Needs } from '../access/needs.js';
import { INFERENCE_FACTS, type InferenceFacts } from '../services/admin-services.js';
import { AboutView, RoleList, roleViews } from './about.dto.js';

/** What the console must know of the service before it shows anything of it. */
@Controller('api')
@ApiTags('about')
export class AboutController {
  constructor(@Inject(INFERENCE_FACTS) private readonly inference: InferenceFacts) {}

  @Get('console')
  @Needs('caller')
  @ApiOperation({ summary: 'Where callers reach the inference API, whether they need a token, and the version' })
  @ApiOkResponse({ type: AboutView })
  about(@Req() req: FastifyRequest): AboutView {
    return {
      version: packageVersion(),
      inferenceUrl: inferenceUrlFor(this.inference, req.hostname),
      tokensRequired: this.inference.tokensRequired ?? null,
    };
  }

  @Get('roles')
  @Needs('caller')
  @ApiOperation({ summary: 'What each role may do' })
  @ApiOkResponse({ type: RoleList })
  roles(): RoleList {
    return { roles: roleViews() };
  }
}

/**
 * Where the inference API is, as the operator has said; else on the port of this process, under the address that it
 * listens on, or where that is every address, under the host by which the console itself was reached.
 */
export function inferenceUrlFor({ url, listening }: InferenceFacts, reachedHost: string): string | null {
  if (url !== undefined) return url.replace(/\/+$/, '');
  if (listening === undefined) return null;
  const { host, port, tls } = listening;
  const shown = host === '0.0.0.0' || host === '::' ? reachedHost : host;
  return `${tls ? 'https' : 'http'}://${shown.includes(':') && !shown.startsWith('[') ? `[${shown}]` : shown}:${port}`;
}
