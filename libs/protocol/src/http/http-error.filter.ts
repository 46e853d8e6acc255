import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CODE_OF_FRAMEWORK_STATUS, DomainError, type ErrorCode, statusOf, type RouteTable } from '#core';
import { RequestShapeError } from '../codec/index.js';
import { arrivalOf } from '../request/arrival.js';
import { callerOf } from '../request/caller.js';
import { REQUEST_ID_HEADER } from '../request/request-id.js';
import { type FailedRequest, unforeseen } from '../request/unforeseen.js';
import { discardRest, hasUnreadBody } from './discard-rest.js';

/**
 * Every failure over HTTP. `/v1` (and `/embeddings`, `/models`) answers in OpenAI's form (`{error: {message, type,
 * param, code}}`), everything else in the form that the original server's clients know (`{detail}`, for 503 and 504
 * with a `header` as well).
 */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  /** @param routes what is answered where */
  constructor(private readonly routes: RouteTable) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const req = http.getRequest<FastifyRequest>();
    const res = http.getResponse<FastifyReply>();
    if (res.sent || res.raw.destroyed) return;
    const error = DomainError.from(unforeseen(this.unanswered(thrown, req) ?? toDomainError(thrown), requestOf(req)));
    arrivalOf(req.raw)?.refuse(error);
    const status = statusOf(error.code);
    if (error.retryAfterMs !== undefined)
      res.header('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
    if (error.code === 'unauthenticated') res.header('www-authenticate', 'Bearer');
    if (error.code === 'method_not_allowed') res.header('allow', this.routes.methodsAt(req.url).join(', '));
    const isUnread = hasUnreadBody(req.raw);
    // Fastify asks for a close, which would cut the answer off, and which HTTP/2 does not know.
    if (isUnread || req.raw.httpVersionMajor === 2) res.removeHeader('connection');
    if (isUnread) discardRest(req.raw, res.raw);
    const body = isOpenAi(req.url) ? openAiBody(error, status.http) : compatibleBody(error, thrown, status.http);
    void res.status(status.http).header('content-type', 'application/json').send(JSON.stringify(body));
  }

  /**
   * The framework's failure at a path or method that has no route, whatever it complains of (QUERY without a content
   * type is refused before its route is missed): 405 where the path has other methods. Undefined where there is a
   * route, or authentication has refused.
   */
  private unanswered(thrown: unknown, req: FastifyRequest): DomainError | undefined {
    if (!req.is404 || thrown instanceof DomainError) return undefined;
    const methods = this.routes.othersAt(req.method, req.url);
    if (methods.length === 0) return new DomainError('not_found', 'Not Found');
    return new DomainError('method_not_allowed', `${req.method} is not answered here; use ${methods.join(' or ')}.`);
  }
}

/**
 * What Fastify's router refuses before any route or hook sees it: a path that cannot be decoded. In the same form as
 * the rest, and 400, as Fastify itself answers.
 */
export function answerUndecodable(_reason: Error, req: FastifyRequest, res: FastifyReply): void {
  const error = new DomainError(
    'invalid_argument',
    'The path cannot be decoded: in it, "%" stands before two hexadecimal digits. Write "%25" for the sign itself.',
  );
  const body = isOpenAi(req.url) ? openAiBody(error, 400) : { detail: error.message };
  void res
    .status(400)
    .headers({ [REQUEST_ID_HEADER]: req.id, 'content-type': 'application/json' })
    .send(JSON.stringify(body));
}

function isOpenAi(url: string): boolean {
  return /^\/(v1|embeddings|models)(?![^/?#])/.test(url);
}

function openAiBody(error: DomainError, httpStatus: number): object {
  const type = httpStatus === 429 ? 'rate_limit_error' : httpStatus >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message: error.message, type, param: paramOf(error), code: error.code } };
}

/**
 * A message about a part of the body begins with its name, in small letters; that of an unknown field stands in quotes.
 */
function paramOf({ message }: DomainError): string | null {
  const unknown = /^"([^"\\]{1,40})" is not a field/.exec(message)?.[1];
  return unknown ?? /^(?!body\b)[a-z][a-z_]*(?:\[\d+\])?(?![\w-])/.exec(message)?.[0] ?? null;
}

/**
 * Where the service cannot answer for now (503, 504), the original gateway tells why in the header of a response, from
 * which its client makes a ConnectionError; without one it makes a ValueError, which nobody takes for a reason to try
 * again.
 */
function compatibleBody(error: DomainError, thrown: unknown, httpStatus: number): object {
  const body = detailBody(error, thrown);
  if (httpStatus !== 503 && httpStatus !== 504) return body;
  return { ...body, header: { status: { code: STATUS_ERROR, description: error.message } } };
}

/** `StatusProto.StatusCode.ERROR` of jina.proto. */
const STATUS_ERROR = 1;

function detailBody(error: DomainError, thrown: unknown): object {
  if (thrown instanceof RequestShapeError) return { detail: thrown.detail };
  if (error.code === 'method_not_allowed') return { detail: 'Method Not Allowed' };
  return error.code === 'not_found' ? { detail: 'Not Found' } : { detail: error.message };
}

function requestOf(req: FastifyRequest): FailedRequest {
  const { id: principal } = callerOf(req.raw, 'http').principal;
  const operation = `${req.method} ${req.routeOptions.url ?? ''}`;
  return { requestId: req.id, protocol: 'http', operation, principal, trace: arrivalOf(req.raw)?.trace };
}

function toDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError || !(thrown instanceof Error)) return DomainError.from(thrown);
  const code = CODE_OF_FRAMEWORK_STATUS[frameworkStatus(thrown) ?? 0];
  return code ? new DomainError(code, messageFor(code, thrown)) : DomainError.from(thrown);
}

function frameworkStatus(thrown: Error): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  return 'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}

function messageFor(code: ErrorCode, thrown: Error): string {
  if (code === 'request_too_large') return 'The body is larger than this server accepts. Send fewer or smaller items.';
  if (code === 'unsupported_media_type')
    return 'Only application/json bodies are accepted, plain, gzip, deflate or br.';
  return thrown.message;
}
