import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ReadField, RequestTrace, type SpanDescription } from '#core';
import {
  Arrival,
  readHeader,
  rememberArrival,
  TRACE_RESPONSE_HEADER,
  type Tracing,
  traceResponse,
  userAgentAttribute,
} from '../request/arrival.js';
import { callerOf } from '../request/caller.js';
import { isOpen } from './http-access.js';

/**
 * Begins the trace of an HTTP request whose route needs something, and tells its answer the trace. What anybody may
 * look at is not traced. What no route answers is not, either, since its trace would tell nothing, but ends like the
 * others: it leaves a line in the log.
 */
export function beginHttpTrace(tracing: Tracing, req: FastifyRequest, res: FastifyReply): void {
  if (!req.is404 && isOpen(req)) return;
  const trace = req.is404
    ? new RequestTrace(undefined, undefined, req.id)
    : tracing.tracer.begin(req.id, req.raw, readHeader);
  const arrival = new HttpArrival(tracing, req, res, trace);
  rememberArrival(req.raw, arrival);
  res.raw.on('close', () => arrival.leave());
}

/** What stands in the place of the route where there is none. */
const UNKNOWN_ROUTE = 'unknown route';

/** A request over HTTP, by OpenTelemetry's conventions for HTTP servers. */
class HttpArrival extends Arrival {
  constructor(
    tracing: Tracing,
    private readonly req: FastifyRequest,
    private readonly res: FastifyReply,
    trace: RequestTrace,
  ) {
    super('http', tracing, trace);
    this.tellTrace();
  }

  override adopt<Source>(source: Source, read: ReadField<Source>): void {
    super.adopt(source, read);
    this.tellTrace();
  }

  describe(): SpanDescription {
    const { req, res } = this;
    const { address } = callerOf(req.raw, 'http');
    // What was asked for instead of a route is the caller's text, which no line and no trace repeats.
    const route = req.routeOptions.url ?? UNKNOWN_ROUTE;
    return {
      name: `${req.method} ${route}`,
      attributes: {
        'http.request.method': req.method,
        'http.route': route,
        'http.response.status_code': res.raw.statusCode,
        ...sizeOf('request', req.headers['content-length']),
        ...sizeOf('response', res.getHeader('content-length')),
        'url.scheme': req.protocol,
        'network.protocol.name': 'http',
        'network.protocol.version': req.raw.httpVersionMajor === 2 ? '2' : req.raw.httpVersion,
        'client.address': address,
        ...userAgentAttribute(req.headers['user-agent']),
      },
    };
  }

  private tellTrace(): void {
    const response = traceResponse(this.trace);
    if (response !== undefined) void this.res.header(TRACE_RESPONSE_HEADER, response);
  }
}

/** How many bytes a body has, where its head says so. */
function sizeOf(what: 'request' | 'response', contentLength: unknown): Record<string, number> {
  const bytes = Number(contentLength);
  return contentLength !== undefined && Number.isSafeInteger(bytes) ? { [`http.${what}.body.size`]: bytes } : {};
}
