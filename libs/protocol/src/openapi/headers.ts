import type { OpenAPIObject } from '@nestjs/swagger';

type Headers = NonNullable<NonNullable<OpenAPIObject['components']>['headers']>;

/** The headers of answers that callers may want to read, for the API's document. */
export const API_HEADERS = {
  RequestId: {
    required: true,
    description: 'The one that came with the request, or a new one; the log has it, too',
    schema: { type: 'string' },
  },
  TraceResponse: {
    description: 'The span of the request, as W3C Trace Context writes it: `00-TRACE_ID-SPAN_ID-FLAGS`',
    schema: { type: 'string' },
  },
  RetryAfter: { description: 'Seconds until trying again makes sense', schema: { type: 'integer', minimum: 1 } },
  RateLimit: {
    description: 'What is left of each limit, where there are any: `"requests";r=59;t=1`',
    schema: { type: 'string' },
  },
  RateLimitPolicy: { description: 'The limits themselves: `"requests";q=60;w=60`', schema: { type: 'string' } },
  ServerTiming: {
    description: 'Where the time of the slowest item went, in milliseconds: queue, prepare, run',
    schema: { type: 'string' },
  },
  Challenge: { required: true, description: 'Bearer', schema: { type: 'string' } },
} satisfies Headers;

/** On every answer; those of requests that are not traced name no span. */
export const EVERY: Headers = { 'X-Request-Id': headerNamed('RequestId'), Traceresponse: headerNamed('TraceResponse') };

/** On answers of what computes. */
export const LIMITS: Headers = {
  RateLimit: headerNamed('RateLimit'),
  'RateLimit-Policy': headerNamed('RateLimitPolicy'),
};

/** On answers of what encodes. */
export const TIMING: Headers = { 'Server-Timing': headerNamed('ServerTiming') };
/** On refusals that may be tried again. */
export const RETRY: Headers = { 'Retry-After': headerNamed('RetryAfter') };
/** On 401 (RFC 9110 §11.6.1). */
export const CHALLENGE: Headers = { 'WWW-Authenticate': headerNamed('Challenge') };

function headerNamed(name: keyof typeof API_HEADERS): { $ref: string } {
  return { $ref: `#/components/headers/${name}` };
}
