import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decodeJsonRequest, encodeHttpJinaResponse, encodeHttpResponse, isJinaClient } from '../codec/index.js';
import { handleDocuments } from '../documents-handler.js';
import { ProtocolServices } from '../protocol-services.js';
import { ApiDocuments } from './api-docs.js';
import { httpContext } from './http-context.js';

/** The compatible surface over HTTP: documents in, the same documents with embeddings or scores out. */
@Controller()
@ApiTags('documents')
export class DocumentsController {
  constructor(private readonly services: ProtocolServices) {}

  @Post('post')
  @HttpCode(200)
  @ApiOperation({ summary: 'Documents to the endpoint that `exec_endpoint` names' })
  @ApiDocuments()
  post(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/', req, res);
  }

  @Post('encode')
  @HttpCode(200)
  @ApiOperation({ summary: 'Embed texts and images' })
  @ApiDocuments()
  encode(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/encode', req, res);
  }

  /** A wildcard, since model names hold slashes (`M-CLIP/…`). */
  @Post('encode/*')
  @HttpCode(200)
  @ApiExcludeEndpoint()
  encodeWith(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer(pathOf(req), req, res);
  }

  @Post('rank/*')
  @HttpCode(200)
  @ApiExcludeEndpoint()
  rankWith(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer(pathOf(req), req, res);
  }

  @Post('rank')
  @HttpCode(200)
  @ApiOperation({ summary: 'Rank the matches of each document against it' })
  @ApiDocuments()
  rank(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/rank', req, res);
  }

  @Post('index')
  @HttpCode(200)
  @ApiOperation({ summary: 'Embed documents (this server keeps no index)' })
  @ApiDocuments()
  index(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/index', req, res);
  }

  @Post('search')
  @HttpCode(200)
  @ApiOperation({ summary: 'Embed documents (this server keeps no index)' })
  @ApiDocuments()
  search(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/search', req, res);
  }

  private async answer(path: string, req: FastifyRequest, res: FastifyReply): Promise<void> {
    const receivedAtMs = this.services.clock.wallMs();
    const forJina = isJinaClient(req.headers, req.body);
    const request = decodeJsonRequest(req.body, { endpoint: path, receivedAtMs });
    req.body = undefined; // pictures are decoded by now: their text form need not wait for the answer as well
    // The Python client has up to 100 requests under way and gives all of them up at the first refusal.
    const response = await handleDocuments(this.services, request, httpContext(res), forJina ? 'wait' : 'refuse');
    const body = forJina ? encodeHttpJinaResponse(response) : encodeHttpResponse(response);
    await res.header('content-type', 'application/json').send(body);
  }
}

/** The path as the router cut it (some callers send a fragment too), decoded: `/encode/M-CLIP%2FX` and `/encode/M-CLIP/X` name the same model. */
function pathOf(req: FastifyRequest): string {
  return decodeURIComponent(req.url.replace(/[?#].*$/s, ''));
}
