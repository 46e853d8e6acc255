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

/** Most axes of an array, as in numpy (`NPY_MAXDIMS`). */
export const AXES_MAX = 64;
