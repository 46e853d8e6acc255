import type { RequestContext } from '#core';
import type { EncodePort } from '../encode-port.js';
import type { DocumentJob } from './document-job.js';
import { embeddingOf, sourcesOf, vectorsOf } from './document-source.js';
import type { LocatedDocument } from './select-documents.js';

/**
 * Gives every selected document its embedding, in place, once all are there: until then, and when it throws, the
 * documents are as they came. Texts get the type `text/plain`; with `parameters.drop_image_content` images lose blob
 * and tensor. Throws as EncodePort does.
 */
export async function encodeDocuments(
  { request: { parameters }, target: { model }, selected }: DocumentJob,
  encode: EncodePort,
  ctx: RequestContext,
): Promise<void> {
  const { results } = await encode.encode(model, await sourcesOf(selected), ctx);
  const vectors = vectorsOf(selected, results);
  vectors.forEach((vector, index) => complete(selected[index], vector, Boolean(parameters['drop_image_content'])));
}

function complete(located: LocatedDocument | undefined, vector: Float32Array, dropImage: boolean): void {
  if (!located) return;
  const { document } = located;
  document.embedding = embeddingOf(vector);
  if (document.text) document.mimeType = 'text/plain';
  else if (dropImage) {
    delete document.blob;
    delete document.tensor;
  }
}
