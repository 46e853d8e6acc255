import { DomainError } from '#core';
import { accessPaths } from './access-paths.js';
import type { DocumentRequest } from './document-request.js';
import { hasContent } from './document-source.js';
import type { DocumentTarget } from './document-target.js';
import { type LocatedDocument, selectDocuments } from './select-documents.js';

/**
 * A request of the compatible surface that is ready to be worked on: what it asks for is read, its documents are
 * selected.
 */
export interface DocumentJob {
  readonly request: DocumentRequest;
  readonly target: DocumentTarget;
  /** The documents to encode; empty for a ranking, which takes every document with its matches. */
  readonly selected: readonly LocatedDocument[];
  /**
   * How many texts and images are to be worked on; 0 where there is nothing to compute. Limits count these, so that a
   * thousand matches of one document are a thousand. A request that cannot be worked on counts its documents.
   */
  readonly items: number;
  /** Why the request cannot be worked on, which its answer tells. */
  readonly error?: DomainError;
}

/**
 * Selects the documents of a request. A mistake in the request is told by the job's `error`. Rejects with
 * `request_too_large` where selecting them costs too much.
 */
export async function prepareDocumentJob(request: DocumentRequest, target: DocumentTarget): Promise<DocumentJob> {
  const { documents, parameters } = request;
  const job = { request, target, selected: [], items: documents.length };
  if (target.error) return { ...job, error: target.error };
  if (target.action === 'rank') {
    return { ...job, items: documents.reduce((sum, { matches }) => sum + 1 + (matches?.length ?? 0), 0) };
  }
  try {
    const found = await selectDocuments(documents, accessPaths(parameters));
    const selected = found.filter(({ document }) => hasContent(document));
    return { ...job, selected, items: selected.length };
  } catch (thrown) {
    const error = DomainError.from(thrown);
    if (error.code === 'request_too_large') throw error;
    return { ...job, error };
  }
}
