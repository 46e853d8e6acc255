/**
 * Deepest nesting of messages, groups and JSON values that the codecs follow. The figure of Google's own decoders
 * (`CodedInputStream::default_recursion_limit_`); beyond it a message is an attack on the stack.
 */
export const NESTING_MAX = 100;

/**
 * Most documents of one message, chunks and matches included. A document takes two bytes on the wire and hundreds in
 * memory, so a limit on the bytes of a message alone would let a small one fill the memory.
 */
export const DOCUMENTS_MAX = 100_000;

/**
 * Most named scores of one message (`scores` of all its documents together): a map entry costs hundreds of bytes in
 * memory and six on the wire.
 */
export const SCORES_MAX = 100_000;

/** Most values of `parameters`, nested ones included. The server knows four parameters; the rest is echoed. */
export const PARAMETER_VALUES_MAX = 10_000;

/**
 * Most protobuf fields of one message, nested and unknown ones included: 10,000 documents of 400 fields each, tags
 * counted at four a value. Fields of two bytes would otherwise keep the process busy for seconds with a message of the
 * size that is allowed.
 */
export const FIELDS_MAX = 4_000_000;

/** Most axes of an array, as in numpy (`NPY_MAXDIMS`). */
export const AXES_MAX = 64;

/**
 * Most fields of a part of a protobuf message that is read in one go: the tags of a document, an array, a score. As
 * many as a hundred thousand tags take; reading them holds the event loop some 50 ms.
 */
export const PART_FIELDS_MAX = 500_000;

/**
 * Longest text, in bytes of UTF-8: 2 MiB are read, tokenized and sent to a replica in some milliseconds each, and a
 * model looks at the first hundred words of it.
 */
export const TEXT_BYTES_MAX = 2 * 1024 * 1024;

/**
 * Largest part of a JSON body that is built in one go, in bytes: a text, the tags of a document. Larger are only
 * contents (pictures, arrays, lists of items), and those are read piece by piece. A batch of such texts takes some 50
 * ms to send to a replica.
 */
export const JSON_FIELD_BYTES_MAX = TEXT_BYTES_MAX;

/** Most keys and values of such a part: JSON.parse takes some 20 ms for so many empty objects. */
export const JSON_FIELD_PARTS_MAX = 100_000;

/**
 * Most keys and values of a JSON body, the numbers of arrays that are read as arrays aside. Two bytes are a value and a
 * hundred bytes in memory: the same thought as with DOCUMENTS_MAX. 10,000 documents with all fields of docarray are
 * 400,000.
 */
export const JSON_PARTS_MAX = 1_000_000;

/** Most fields of the object that a JSON body is. The widest known request has a dozen. */
export const JSON_ENVELOPE_FIELDS_MAX = 100;

/** Deepest nesting of a JSON body as a whole: documents take two levels each, and the innermost may have tags. */
export const JSON_NESTING_MAX = 3 * NESTING_MAX + 10;
