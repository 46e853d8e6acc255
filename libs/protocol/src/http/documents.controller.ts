import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#core';
import { DocumentService } from '#serving';
import { encodeHttpJinaResponse, encodeHttpResponse, readJsonRequest } from '../codec/index.js';
import { documentsHandler } from '../request/documents.js';
import { RequestPipeline } from '../request/pipeline.js';
import { CLOCK } from '../request/protocol-parts.js';
import { DescribeDocuments } from './describe-documents.js';
import { httpContext } from './http-context.js';
import { sendJson } from './json-answer.js';
import { Needs } from './http-access.js';
import { readBody } from './request-body.js';

/** The compatible surface over HTTP: documents in, the same documents with embeddings or scores out. */
@Controller()
@ApiTags('documents')
export class DocumentsController {
  constructor(
    private readonly pipeline: RequestPipeline,
    private readonly documents: DocumentService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('post')
  @HttpCode(200)
  @Needs('documents')
  @DescribeDocuments('postDocuments', 'Documents to the endpoint that `exec_endpoint` names')
  post(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/', req, res);
  }

  @Post('encode')
  @HttpCode(200)
  @Needs('documents')
  @DescribeDocuments('encodeDocuments', 'Embed texts and images')
  encode(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/encode', req, res);
  }

  /** A wildcard, since model names hold slashes (`M-CLIP/…`). */
  @Post('encode/*')
  @HttpCode(200)
  @Needs('documents')
  @DescribeDocuments('encodeDocumentsWith', 'Embed texts and images with a model')
  encodeWith(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer(pathOf(req), req, res);
  }

  @Post('rank/*')
  @HttpCode(200)
  @Needs('documents')
  @DescribeDocuments('rankDocumentsWith', 'Rank the matches of each document against it with a model')
  rankWith(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer(pathOf(req), req, res);
  }

  @Post('rank')
  @HttpCode(200)
  @Needs('documents')
  @DescribeDocuments('rankDocuments', 'Rank the matches of each document against it')
  rank(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/rank', req, res);
  }

  @Post('index')
  @HttpCode(200)
  @Needs('documents')
  @DescribeDocuments('indexDocuments', 'Embed documents (this server keeps no index)')
  index(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/index', req, res);
  }

  @Post('search')
  @HttpCode(200)
  @Needs('documents')
  @DescribeDocuments('searchDocuments', 'Embed documents (this server keeps no index)')
  search(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    return this.answer('/search', req, res);
  }

  private async answer(path: string, req: FastifyRequest, res: FastifyReply): Promise<void> {
    const defaults = { endpoint: path, receivedAtMs: this.clock.wallMs() };
    const context = httpContext(res);
    let forJina = false;
    const handler = documentsHandler(
      this.documents,
      async () => {
        const bytes = await readBody(req);
        const request = await readJsonRequest(bytes, defaults);
        forJina = request.hasJinaForm && req.headers['user-agent']?.includes('aiohttp') === true;
        // The Python client has up to 100 requests under way and gives all of them up at the first refusal.
        return { request, whenFull: forJina ? 'wait' : 'refuse' };
      },
      path,
    );
    const response = await this.pipeline.run(context, handler);
    await sendJson(res, forJina ? encodeHttpJinaResponse(response) : encodeHttpResponse(response));
  }
}

/**
 * The path as the router cut it (some callers send a fragment too), decoded: `/encode/M-CLIP%2FX` and
 * `/encode/M-CLIP/X` name the same model.
 */
function pathOf(req: FastifyRequest): string {
  return decodeURIComponent(req.url.replace(/[?#].*$/s, ''));
}
