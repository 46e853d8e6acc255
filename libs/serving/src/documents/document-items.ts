import { DomainError } from '#core';
import { accessPaths } from './access-paths.js';
import type { DocumentRequest } from './document-request.js';
import { hasContent } from './document-source.js';
import { documentTarget } from './document-target.js';
import { selectDocuments } from './select-documents.js';

/**
 * How many texts and images a request asks to be worked on; 0 for one that carries nothing to compute. Limits count these,
 * so that a thousand matches of one document are a thousand. A request that cannot be read counts its documents: the use case
 * tells what is wrong with it. Rejects with `request_too_large` where to count them costs too much.
 */
export async function documentItems(request: DocumentRequest): Promise<number> {
  const { documents, parameters } = request;
  try {
    if (documentTarget(request).action === 'rank') {
      return documents.reduce((sum, { matches }) => sum + 1 + (matches?.length ?? 0), 0);
    }
    const selected = await selectDocuments(documents, accessPaths(parameters));
    return selected.filter(({ document }) => hasContent(document)).length;
  } catch (err) {
    if (err instanceof DomainError && err.code === 'request_too_large') throw err;
    return documents.length;
  }
}
