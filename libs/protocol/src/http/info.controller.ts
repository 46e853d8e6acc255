import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Describe } from '../openapi/describe.js';
import { EVERY } from '../openapi/headers.js';
import { schemaNamed } from '../openapi/api-schema.js';
import { serverInfo, ServiceState } from '../request/server-info.js';
import { Needs } from './http-access.js';

const INTERNAL = { as: 'DetailError', with: ['internal'] } as const;

/** What clients and people ask before they send anything. */
@Controller()
@ApiTags('server')
export class InfoController {
  constructor(private readonly service: ServiceState) {}

  @Get()
  @Needs('nothing')
  @Describe({
    id: 'getRoot',
    summary: 'An empty object; a browser is sent to the documentation page',
    answer: { description: 'The service answers', schema: 'Nothing', example: {} },
    fails: INTERNAL,
  })
  @ApiResponse({ status: 302, description: 'To `/docs`, for who accepts text/html', headers: EVERY })
  async root(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    if (req.headers.accept?.includes('text/html') === true) await res.redirect('/docs', 302);
    else await res.send({});
  }

  /** What load balancers ask, where the ops port is out of their reach; that one tells the reasons. */
  @Get('health')
  @Needs('nothing')
  @Describe({
    id: 'getHealth',
    summary: '200 when the default model can answer, else 503',
    answer: { description: 'It can', schema: 'Health', example: { status: 'ok' } },
    fails: INTERNAL,
  })
  @ApiResponse({
    status: 503,
    description: 'It cannot; the ops port tells why',
    headers: EVERY,
    content: { 'application/json': { schema: schemaNamed('Health'), example: { status: 'unavailable' } } },
  })
  health(@Res({ passthrough: true }) res: FastifyReply): { status: 'ok' | 'unavailable' } {
    const isReady = this.service.isReady();
    res.status(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'unavailable' };
  }

  @Get('status')
  @Needs('nothing')
  @Describe({
    id: 'getStatus',
    summary: 'Versions',
    answer: { description: 'In the form of the Python server', schema: 'Versions' },
    fails: INTERNAL,
  })
  status(): ReturnType<typeof serverInfo> {
    return serverInfo(this.service.version);
  }

  @Get('dry_run')
  @Needs('nothing')
  @Describe({
    id: 'dryRun',
    summary: 'Whether the default model can answer',
    answer: { description: 'In the form of the Python server', schema: 'DryRun' },
    fails: INTERNAL,
  })
  dryRun(): { code: number; description: string; exception: null } {
    return this.service.isReady()
      ? { code: 0, description: '', exception: null }
      : { code: 1, description: 'The default model is not ready. Try again shortly.', exception: null };
  }
}
