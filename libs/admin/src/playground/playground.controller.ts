import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Person, type SessionCaller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { ReadsBody } from '../http/body-reader.js';
import { MayFail } from '../http/describe.js';
import { failureOf } from '../inference/failure-of.js';
import { InferenceCalls } from '../inference/inference-calls.js';
import { leavingOf } from '../inference/leaving.js';
import { boundedBody, bodyTooLarge } from './bounded-body.js';
import { PLAYGROUND_BYTES_MAX, PlaygroundView } from './playground.dto.js';

/** Of the request, and of the answer: what the other side should know. */
const PASSED_ON = ['x-request-id', 'content-type', 'content-length', 'content-encoding'] as const;
const PASSED_BACK = [
  ...['content-type', 'server-timing', 'x-request-id', 'traceresponse', 'retry-after'],
  ...['ratelimit', 'ratelimit-policy'],
] as const;

const PASSES = (path: string): string =>
  `Passed on to \`${path}\` of the inference API as it is, with a token of the caller's account that the service keeps; the answer comes ` +
  'back as it is, failures in the form of this API. At most 16 MiB.';

const ANSWER = {
  description: 'As the inference API answers',
  schema: { type: 'object', additionalProperties: true },
} as const;

/** A PNG of 16 × 16 red pixels. */
const RED_SQUARE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAAA1BMVEXcHh4Np/MyAAAADElEQVR42mNgIA0AAAAwAAEodEl9' +
  'AAAAAElFTkSuQmCC';

const BODY = (example: object) => ({
  required: true,
  schema: { type: 'object', additionalProperties: true } as const,
  examples: { 'the same as the inference API takes': { value: example } },
});

/** What people try in the console: calls of the inference API, each in the name of who is logged in. */
@Controller('api/playground')
@ApiTags('playground')
export class PlaygroundController {
  constructor(private readonly inference: InferenceCalls) {}

  @Get()
  @Needs('playground:use')
  @ApiOperation({ summary: 'Whether the inference API can be called from here' })
  @ApiOkResponse({ type: PlaygroundView })
  status(): PlaygroundView {
    const { problem = null, url: inferenceUrl = null } = this.inference;
    return { problem, inferenceUrl, bodyBytesMax: PLAYGROUND_BYTES_MAX };
  }

  @Get('models')
  @Needs('playground:use')
  @ApiOperation({ summary: 'The models that are served', description: PASSES('GET /v1/models') })
  @ApiOkResponse(ANSWER)
  @MayFail('rate_limited', 'deadline_exceeded', 'conflict')
  models(@Req() req: FastifyRequest, @Res() res: FastifyReply, @Person() person: SessionCaller): Promise<void> {
    return this.pass('GET', '/v1/models', req, res, person);
  }

  @Post('embed')
  @Needs('playground:use')
  @ReadsBody()
  @ApiOperation({ summary: 'Vectors of texts and images', description: PASSES('POST /v1/embeddings') })
  @ApiBody(BODY({ input: ['a photo of a cat'] }))
  @ApiOkResponse(ANSWER)
  @MayFail('rate_limited', 'deadline_exceeded', 'conflict')
  embed(@Req() req: FastifyRequest, @Res() res: FastifyReply, @Person() person: SessionCaller): Promise<void> {
    return this.pass('POST', '/v1/embeddings', req, res, person);
  }

  @Post('rank')
  @Needs('playground:use')
  @ReadsBody()
  @ApiOperation({ summary: 'Candidates in the order in which they fit a query', description: PASSES('POST /v1/rank') })
  @ApiBody(BODY({ query: 'a cat', candidates: ['a kitten', 'a bus'] }))
  @ApiOkResponse(ANSWER)
  @MayFail('rate_limited', 'deadline_exceeded', 'conflict')
  rank(@Req() req: FastifyRequest, @Res() res: FastifyReply, @Person() person: SessionCaller): Promise<void> {
    return this.pass('POST', '/v1/rank', req, res, person);
  }

  @Post('explain')
  @Needs('playground:use')
  @ReadsBody()
  @ApiOperation({ summary: 'Which regions of an image carry its score', description: PASSES('POST /v1/explain') })
  @ApiBody(BODY({ image: RED_SQUARE, texts: ['a red square'], grid: 3 }))
  @ApiOkResponse(ANSWER)
  @MayFail('rate_limited', 'deadline_exceeded', 'conflict')
  explain(@Req() req: FastifyRequest, @Res() res: FastifyReply, @Person() person: SessionCaller): Promise<void> {
    return this.pass('POST', '/v1/explain', req, res, person);
  }

  private async pass(
    method: 'GET' | 'POST',
    path: string,
    req: FastifyRequest,
    res: FastifyReply,
    person: SessionCaller,
  ): Promise<void> {
    const headers = picked(req.headers, PASSED_ON);
    try {
      const body = method === 'GET' ? {} : { body: bodyOf(req) };
      const call = { method, path, headers, signal: leavingOf(res), ...body };
      await this.inference.call(person, call, (answer) => passBack(answer, res));
    } catch (err) {
      if (method !== 'GET') void res.header('connection', 'close'); // the page may go on sending
      throw err;
    }
  }
}

function bodyOf(req: FastifyRequest) {
  if (Number(req.headers['content-length']) > PLAYGROUND_BYTES_MAX) throw bodyTooLarge(PLAYGROUND_BYTES_MAX);
  const bounded = boundedBody(PLAYGROUND_BYTES_MAX);
  // The connection has to carry a refusal, so what is too large ends the copy and not the request.
  req.raw.once('error', (err) => bounded.destroy(err));
  bounded.on('error', () => undefined); // whoever reads it hears of it, or nobody reads it
  return req.raw.pipe(bounded);
}

async function passBack(answer: IncomingMessage, res: FastifyReply): Promise<void> {
  const { statusCode: status = 502 } = answer;
  void res.status(status).headers(picked(answer.headers, PASSED_BACK));
  if (status >= 400) {
    await res.send({ error: await failureOf(answer) });
    return;
  }
  res.hijack();
  for (const [name, value] of Object.entries(res.getHeaders())) if (value !== undefined) res.raw.setHeader(name, value);
  res.raw.writeHead(status);
  // An answer that breaks off breaks off for the page, too.
  await pipeline(answer, res.raw).catch(() => void res.raw.destroy());
}

function picked(headers: IncomingMessage['headers'], names: readonly string[]): Record<string, string | string[]> {
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}
