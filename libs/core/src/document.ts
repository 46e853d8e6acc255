/** Any JSON value: `tags` and `parameters` hold these. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** A dense array as docarray ships it: little-endian bytes, numpy dtype (`|u1`, `<f4`, `<f8`, `<i8` …), shape. */
export interface DenseArray {
  buffer: Uint8Array;
  dtype: string;
  shape: number[];
}

/** docarray's NdArrayProto. `sparse` is passed on and never computed with. */
export interface NdArray {
  dense?: DenseArray;
  sparse?: { indices?: DenseArray; values?: DenseArray; shape: number[] };
  className?: string;
  parameters?: JsonObject;
  /** Wire fields that this version does not know; they are sent back as they came. */
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
 * docarray 0.21's Document, the unit of the compatible surface. Absent means unset. A document has at most one of text,
 * blob and tensor that is not empty: the codecs make sure.
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
  /**
   * Fields of a protobuf document that nothing here reads, as the bytes that they came in. They are sent back without
   * being decoded.
   */
  carried?: Partial<Record<CarriedField, Uint8Array>>;
  /**
   * Fields that a codec met and does not know, so that the answer still carries them. Each codec sends only its own
   * part back.
   */
  unknown?: { protobuf?: Uint8Array; json?: JsonObject };
}

/** The fields of `Document.carried`. A document that came as JSON has them as fields of their own. */
export type CarriedField = 'location' | 'tags' | 'evaluations' | 'metadata';
