import type { IncomingMessage } from 'node:http';
import { Reflector } from '@nestjs/core';
import {
  BadRequestException,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  PayloadTooLargeException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

/** Far more than any request of the admin API needs. */
const BODY_BYTES_MAX = 64 * 1024;

const METHODS_WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Makes Fastify leave bodies unread. It would read them before guards run, and so for callers that are refused. */
export function leaveBodiesUnread(fastify: FastifyInstance): void {
  for (const method of METHODS_WITH_BODY) fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
}

const Unread = Reflector.createDecorator<true>();

/** For a route that reads the body itself, as it comes: BodyReader leaves it alone. */
export const ReadsBody = (): MethodDecorator => Unread(true);

/**
 * Reads the body of a request, one JSON object of at most 64 KiB, once the guard has let the caller in, but for routes
 * that do so themselves (`ReadsBody`).
 */
@Injectable()
export class BodyReader implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const req = http.getRequest<FastifyRequest>();
    const isRead = METHODS_WITH_BODY.includes(req.method) && !this.reflector.get(Unread, context.getHandler());
    if (!isRead || hasNoBody(req)) return next.handle();
    if (req.mediaType !== 'application/json') throw new UnsupportedMediaTypeException();
    try {
      req.body = await bodyOf(req);
    } catch (err) {
      http.getResponse<FastifyReply>().header('connection', 'close'); // the client may go on sending
      throw err;
    }
    return next.handle();
  }
}

function hasNoBody({ headers }: FastifyRequest): boolean {
  const { 'content-type': type, 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return type === undefined && encoding === undefined && length === '0';
}

async function bodyOf(req: FastifyRequest): Promise<unknown> {
  const length = req.headers['content-length'];
  if (Number(length) > BODY_BYTES_MAX) throw new PayloadTooLargeException();
  const body = await readAll(req.raw);
  if (length !== undefined && body.length !== Number(length)) throw new BadRequestException();
  return parse(req, body.toString('utf8'));
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed when the loop is left: the connection has to carry the refusal.
  const incoming: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of incoming) {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) throw new PayloadTooLargeException();
      chunks.push(chunk);
    }
  } catch (err) {
    throw err instanceof PayloadTooLargeException ? err : new BadRequestException();
  }
  return Buffer.concat(chunks);
}

/** By Fastify's own parser, which refuses keys that reach into prototypes. */
function parse(req: FastifyRequest, text: string): Promise<unknown> {
  const parser = req.server.getDefaultJsonParser('error', 'error');
  return new Promise((resolve, reject) => {
    void parser(req, text, (err, body) => (err ? reject(err) : resolve(body)));
  });
}
