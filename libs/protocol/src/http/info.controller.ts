import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProtocolServices } from '../protocol-services.js';
import { serverInfo } from '../server-info.js';

/** What clients and people ask before they send anything. */
@Controller()
@ApiTags('server')
export class InfoController {
  constructor(private readonly services: ProtocolServices) {}

  @Get()
  @ApiOperation({ summary: 'An empty object; a browser is sent to the documentation page' })
  async root(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    if (req.headers.accept?.includes('text/html') === true) await res.redirect('/docs', 302);
    else await res.send({});
  }

  /** What load balancers ask, where the ops port is out of their reach; that one tells the reasons. */
  @Get('health')
  @ApiOperation({ summary: '200 when the default model can answer, else 503' })
  health(@Res({ passthrough: true }) res: FastifyReply): { status: 'ok' | 'unavailable' } {
    const isReady = this.services.isReady();
    res.status(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'unavailable' };
  }

  @Get('status')
  @ApiOperation({ summary: 'Versions' })
  status(): ReturnType<typeof serverInfo> {
    return serverInfo(this.services.version);
  }

  @Get('dry_run')
  @ApiOperation({ summary: 'Whether the default model can answer' })
  dryRun(): { code: number; description: string; exception: null } {
    return this.services.isReady()
      ? { code: 0, description: '', exception: null }
      : { code: 1, description: 'The default model is not ready. Try again shortly.', exception: null };
  }
}
