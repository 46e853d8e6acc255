import type { JsonObject, Scope } from '#core';
import { type DocumentResponse, type DocumentService, documentTarget, prepareDocumentJob } from '#serving';
import type { SealedRequest } from '../codec/index.js';
import type { Arrival } from './arrival.js';
import type { WhenFull } from './call.js';
import { UNAUTHENTICATED_BYTES_MAX } from './caller.js';
import type { RequestHandler } from './pipeline.js';

/** One request of the compatible surface, as its protocol has read it. */
export interface IncomingDocuments {
  readonly request: SealedRequest;
  readonly whenFull: WhenFull;
}

/**
 * Returns the handler of a request of the compatible surface, the same on all three protocols. `read` decodes the
 * request; what it throws is counted under `endpoint`. The documents are made only once it is known that there are not
 * too many of them and, but for a message so small that it may carry nothing to compute, that the caller may have them
 * computed.
 *
 * @example
 * const read = async () => ({ request: await readDataRequest(message, clock.wallMs()), whenFull: 'wait' as const });
 * const response = await pipeline.run(context, documentsHandler(service, read));
 */
export function documentsHandler(
  service: DocumentService,
  read: () => IncomingDocuments | Promise<IncomingDocuments>,
  endpoint = '/',
): RequestHandler<DocumentResponse> {
  return {
    operation: operationOf(endpoint),
    read: async (call) => {
      const { request, whenFull } = await read();
      takeTrace(request.parameters, call.arrival);
      const { count, byteLength, open, ...head } = request;
      const target = documentTarget(head);
      call.operation = operationOf(head.endpoint);
      call.scope = scopeOf(call.operation);
      call.model = target.model;
      call.items = count;
      call.whenFull = whenFull;
      call.callersId = head.requestId || undefined;
      call.needsRights = byteLength > UNAUTHENTICATED_BYTES_MAX;
      return async () => {
        const requestId = head.requestId || call.requestId;
        const job = await prepareDocumentJob({ ...head, requestId, documents: await open() }, target);
        call.items = job.items;
        call.needsRights = job.items > 0;
        return async (context) => {
          const response = await service.handle(job, context);
          call.failure = response.error;
          return response;
        };
      };
    },
  };
}

/** The fields of W3C Trace Context and Baggage, by which requests of a stream name their caller's span. */
const TRACE_FIELDS = ['traceparent', 'tracestate', 'baggage'];

/** Takes the trace out of the parameters, where a caller has put it; what else is there is carried on. */
function takeTrace(parameters: JsonObject, arrival: Arrival | undefined): void {
  if (typeof parameters['traceparent'] === 'string') {
    arrival?.adopt(parameters, (given, name) => {
      const value = given[name];
      return typeof value === 'string' ? value : undefined;
    });
  }
  for (const field of TRACE_FIELDS) Reflect.deleteProperty(parameters, field);
}

const KNOWN_ENDPOINTS = new Set(['encode', 'rank', 'index', 'search']);

/** The first part of a compatible endpoint as a bounded metric label. */
export function operationOf(endpoint: string): string {
  const first = endpoint.split('/').find((part) => part !== '') ?? 'root';
  return KNOWN_ENDPOINTS.has(first) || first === 'root' ? first : 'other';
}

/** The scope that an endpoint of the compatible surface needs; what it does not know encodes. */
function scopeOf(operation: string): Scope {
  return operation === 'rank' || operation === 'index' || operation === 'search' ? operation : 'encode';
}
