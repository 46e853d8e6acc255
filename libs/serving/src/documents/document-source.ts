import { pixelsFromArray } from '#clip';
import { DomainError, type Document, ItemError, type ItemResult, type NdArray, turns } from '#core';
import type { ItemSource } from '../encode-port.js';
import { describeDocument, type LocatedDocument } from './select-documents.js';

/** Whether a document has anything to encode; one without passes through untouched. An empty text is nothing. */
export function hasContent({ text, blob, tensor, uri }: Document): boolean {
  return Boolean(text) || Boolean(blob?.length) || tensor !== undefined || Boolean(uri);
}

/**
 * What to encode of each document, in their order. Rejects with the first that has nothing, or a tensor that is no
 * image.
 */
export async function sourcesOf(documents: readonly LocatedDocument[]): Promise<ItemSource[]> {
  const sources: ItemSource[] = [];
  for (const located of documents) {
    if (turns.isOver) await turns.next();
    sources.push(await sourceOf(located));
  }
  return sources;
}

/** What to encode of a document: its content, text, bytes or pixels; where it has none, its address. */
async function sourceOf(located: LocatedDocument): Promise<ItemSource> {
  const { text, blob, tensor, uri } = located.document;
  if (text) return { kind: 'text', text };
  if (blob?.length) return { kind: 'image', bytes: blob };
  if (tensor)
    return { kind: 'pixels', pixels: await pixelsOf(tensor).catch((thrown: unknown) => failing(located, thrown)) };
  if (uri) return { kind: 'uri', uri };
  throw blame(
    located,
    new DomainError('item_empty', 'It has neither text nor an image: set text, blob, tensor or uri.'),
  );
}

async function pixelsOf(tensor: NdArray): ReturnType<typeof pixelsFromArray> {
  if (tensor.dense) return pixelsFromArray(tensor.dense);
  throw new DomainError(
    'tensor_invalid',
    'A sparse tensor cannot be an image: send a dense one of [height, width, 3].',
  );
}

/** Runs `read`; an error that it throws then says which document it is about. */
export function blaming<T>(located: LocatedDocument, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    return failing(located, thrown);
  }
}

function failing(located: LocatedDocument, thrown: unknown): never {
  throw blame(located, DomainError.from(thrown));
}

/** An error that says which document it is about. */
export function blame(located: LocatedDocument, error: DomainError, note = ''): ItemError {
  return new ItemError(error, `${describeDocument(located)}: ${error.message}${note}`);
}

/**
 * The vectors of all documents. One that failed fails the request, as in the Python server; the error names the first
 * and counts the others.
 */
export function vectorsOf(selected: readonly LocatedDocument[], results: readonly ItemResult[]): Float32Array[] {
  const failures = results.filter((result) => !result.ok).length;
  const note = failures > 1 ? ` (${failures} of the ${selected.length} documents failed)` : '';
  return selected.map((located, index) => {
    const result = results[index];
    if (!result) throw new DomainError('internal', 'The server lost a result of this request.');
    if (!result.ok) throw blame(located, result.error, note);
    return result.embedding;
  });
}

/** A vector as numpy would ship it. */
export function embeddingOf(vector: Float32Array): NdArray {
  const buffer = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return { dense: { buffer, dtype: '<f4', shape: [vector.length] }, className: 'numpy' };
}
