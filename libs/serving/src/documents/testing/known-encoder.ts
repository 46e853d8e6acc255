import {
  anonymous,
  DomainError,
  ManualClock,
  type Document,
  type ItemResult,
  type JsonObject,
  type ModelInfo,
  type RequestContext,
} from '#core';
import type { EncodePort, ItemSource } from '../../encode-port.js';
import {
  type DocumentJob,
  DocumentService,
  documentTarget,
  type DocumentRequest,
  type DocumentResponse,
  prepareDocumentJob,
} from '../index.js';

const info: ModelInfo = {
  name: 'ViT-B-32::openai',
  dimension: 2,
  imageSize: 224,
  contextLength: 77,
  logitScale: 100,
  normalized: false,
};

const timing = { queueMs: 0, prepareMs: 0, runMs: 0, batchSize: 1, replica: 'r0' };

/** A call of no one in particular that nobody gives up. */
export const context: RequestContext = {
  requestId: 'r',
  principal: anonymous,
  signal: new AbortController().signal,
};

/** Four black pixels as numpy ships them. */
export const pixels = { dense: { buffer: new Uint8Array(12), dtype: '|u1', shape: [2, 2, 3] }, className: 'numpy' };

/**
 * An encoder for specs whose vectors, or errors, are given: by text, by uri or by kind; [1, 0] for everything else.
 * Remembers what it was asked.
 */
export class KnownEncoder implements EncodePort {
  readonly calls: { model: string | undefined; sources: readonly ItemSource[] }[] = [];

  constructor(private readonly answers: Record<string, number[] | DomainError> = {}) {}

  encode(
    model: string | undefined,
    sources: readonly ItemSource[],
  ): Promise<{ model: ModelInfo; results: ItemResult[] }> {
    this.calls.push({ model, sources });
    return Promise.resolve({ model: info, results: sources.map((source) => this.resultOf(source)) });
  }

  private resultOf(source: ItemSource): ItemResult {
    const key = source.kind === 'text' ? source.text : source.kind === 'uri' ? source.uri : source.kind;
    const answer = this.answers[key] ?? [1, 0];
    if (answer instanceof DomainError) return { ok: false, error: answer };
    return { ok: true, embedding: Float32Array.from(answer), timing };
  }
}

/** A request with sensible rest. */
export function requestOf(documents: Document[], parameters: JsonObject = {}, endpoint = '/encode'): DocumentRequest {
  return { requestId: 'id', endpoint, parameters, hasParameters: true, documents, receivedAtMs: 0 };
}

/** The job of a request. */
export function jobOf(request: DocumentRequest): Promise<DocumentJob> {
  return prepareDocumentJob(request, documentTarget(request));
}

/** What the service answers while time stands still. */
export async function handle(
  request: DocumentRequest,
  encode: EncodePort = new KnownEncoder(),
): Promise<DocumentResponse> {
  return new DocumentService({ encode, clock: new ManualClock() }).handle(await jobOf(request), context);
}

/** The numbers of a document's vector; none when it has no vector. */
export function floatsOf(document: Document | undefined): number[] {
  const dense = document?.embedding?.dense;
  return dense ? [...new Float32Array(Uint8Array.from(dense.buffer).buffer)] : [];
}
