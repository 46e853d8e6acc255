/** Any JSON value; what `tags` and `parameters` hold. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** A dense array as docarray ships it: little-endian bytes, numpy dtype (`|u1`, `<f4`, `<f8`, `<i8` …), shape. */
export interface DenseArray {
  buffer: Uint8Array;
  dtype: string;
  shape: number[];
}

/** docarray's NdArrayProto. `sparse` is carried, never computed with. */
export interface NdArray {
  dense?: DenseArray;
  sparse?: { indices?: DenseArray; values?: DenseArray; shape: number[] };
  className?: string;
  parameters?: JsonObject;
  /** Wire fields this version does not know, re-sent as they came. */
  unknown?: Uint8Array;
}

export interface NamedScore {
  value?: number;
  opName?: string;
  description?: string;
  refId?: string;
  unknown?: Uint8Array;
}

/**
 * docarray 0.21's Document, the unit of the compatible surface. Absent means unset. A document has at most one of
 * text, blob and tensor that is not empty: the codecs see to it.
 */
export interface Document {
  id?: string;
  text?: string;
  blob?: Uint8Array;
  tensor?: NdArray;
  uri?: string;
  mimeType?: string;
  modality?: string;
  tags?: JsonObject;
  chunks?: Document[];
  matches?: Document[];
  scores?: Map<string, NamedScore>;
  evaluations?: Map<string, NamedScore>;
  embedding?: NdArray;
  granularity?: number;
  adjacency?: number;
  parentId?: string;
  weight?: number;
  offset?: number;
  location?: number[];
  metadata?: JsonObject;
  /** Fields of a protobuf document that nothing here looks at, as the bytes that they came in: sent again, made no objects of. */
  carried?: Partial<Record<CarriedField, Uint8Array>>;
  /** What a codec met and does not know, so that the answer still carries it. Each codec re-sends only its own part. */
  unknown?: { protobuf?: Uint8Array; json?: JsonObject };
}

/** See Document.carried. A document that came as JSON has these as fields of their own. */
export type CarriedField = 'location' | 'tags' | 'evaluations' | 'metadata';
