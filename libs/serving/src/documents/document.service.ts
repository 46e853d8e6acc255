import { DomainError, type Clock, type RequestContext } from '#core';
import type { EncodePort } from '../encode-port.js';
import type { DocumentJob } from './document-job.js';
import type { DocumentRequest, DocumentResponse, DocumentRoute, DocumentStatus } from './document-request.js';
import { inBandStatus } from './document-status.js';
import { encodeDocuments } from './encode-documents.js';
import { rankDocuments } from './rank-documents.js';

export interface DocumentServiceParts {
  readonly encode: EncodePort;
  readonly clock: Clock;
}

/** Shortest time that a route tells: the Python client's `profile()` divides by whole milliseconds. */
const routeMsMin = 1;

/**
 * The use case behind the compatible surface: encodes or ranks the documents of a request as the Python server does,
 * and answers with the same documents. It takes them over: they are changed in place.
 */
export class DocumentService {
  constructor(private readonly parts: DocumentServiceParts) {}

  /**
   * A mistake in the request is told in the answer's status, with the documents as they came. Rejects with what
   * concerns the service or the call: `queue_full`, `cancelled`, `deadline_exceeded`, `shutting_down`, `unavailable` …
   */
  async handle(job: DocumentJob, context: RequestContext): Promise<DocumentResponse> {
    const { request } = job;
    const stopwatch = this.startStopwatch(request.receivedAtMs);
    try {
      if (job.error) throw job.error;
      const work = job.target.action === 'rank' ? rankDocuments : encodeDocuments;
      await work(job, this.parts.encode, context);
      return respond(request, stopwatch());
    } catch (thrown) {
      const error = DomainError.from(thrown);
      const status = inBandStatus(error);
      if (!status) throw error;
      return { ...respond(request, stopwatch(status)), status, error };
    }
  }

  /** The gateway's time counts from the arrival, the model's from now; durations come from the monotonic clock. */
  private startStopwatch(receivedAtMs: number): (status?: DocumentStatus) => DocumentRoute[] {
    const { clock } = this.parts;
    const startedAt = clock.now();
    const startTimeMs = Math.max(receivedAtMs, clock.wallMs());
    return (status) => {
      const endTimeMs = startTimeMs + Math.max(routeMsMin, clock.now() - startedAt);
      return [
        { executor: 'gateway', startTimeMs: receivedAtMs, endTimeMs },
        { executor: 'clip', startTimeMs, endTimeMs, ...(status ? { status } : {}) },
      ];
    };
  }
}

function respond(request: DocumentRequest, routes: DocumentRoute[]): DocumentResponse {
  const { requestId, endpoint, parameters, hasParameters, documents } = request;
  return { requestId, endpoint, parameters, hasParameters, routes, documents };
}
