import type { RemoteParent, RequestTrace, SpanAttributes } from './trace.js';

/** Reads a field that a request came with, by its name in small letters: a header, metadata, a parameter. */
export type ReadField<Source> = (source: Source, name: string) => string | undefined;

/** How the span of a request is shown. */
export interface SpanDescription {
  /** By the semantic conventions of its protocol: `POST /v1/embeddings`, `clip.v1.Clip/Encode`. */
  readonly name: string;
  readonly attributes: SpanAttributes;
}

/** A request that has ended. Times are those of the injected Clock's `now`. */
export interface EndedRequest {
  readonly trace: RequestTrace;
  readonly startMs: number;
  readonly endMs: number;
  readonly protocol: string;
  /** A bounded word: `encode`, `rank`, `embeddings`, … */
  readonly operation: string;
  /** The model that was served; undefined where none was. */
  readonly model: string | undefined;
  readonly items: number;
  /** `ok`, `item_failed` or an error code. */
  readonly outcome: string;
  /** The id of the token, or another principal. */
  readonly principalId: string;
  /** Describes its span; asked only when the request is kept. */
  describe(): SpanDescription;
}

/** Begins the trace of each request, and decides when it has ended whether it is kept. */
export interface RequestTracer {
  /** Begins a trace: a part of the one that the fields of `source` name, else a new one. Never fails. */
  begin<Source>(requestId: string, source: Source, read: ReadField<Source>): RequestTrace;
  /** Begins the trace of a further request of a stream or connection, whose head named `parent`. */
  beginNext(parent: RemoteParent | undefined, requestId: string): RequestTrace;
  /** Makes `trace` a part of the one that fields name which came later; leaves it where they name none. */
  adopt<Source>(trace: RequestTrace, source: Source, read: ReadField<Source>): void;
  /** Keeps or forgets an ended request. To be called once for each; its trace is empty afterwards. Never throws. */
  end(request: EndedRequest): void;
}
