import { base64Pieces, stringPieces } from './json-string.js';

/**
 * A value as `JSON.stringify` writes it, in pieces none of which is large; bytes (Uint8Array) become base64. What is undefined is
 * left out of objects.
 */
export function* valuePieces(value: unknown): Generator<string, void> {
  if (typeof value === 'string') yield* stringPieces(value);
  else if (value instanceof Uint8Array) yield* base64Pieces(value);
  else if (Array.isArray(value)) yield* listPieces(value);
  else if (typeof value === 'object' && value !== null) yield* objectPieces(value);
  else yield JSON.stringify(value);
}

function* listPieces(values: readonly unknown[]): Generator<string, void> {
  yield '[';
  for (const [index, value] of values.entries()) {
    if (index > 0) yield ',';
    yield* valuePieces(value);
  }
  yield ']';
}

function* objectPieces(object: object): Generator<string, void> {
  let before = '{';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* valuePieces(value);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}
