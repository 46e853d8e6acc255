import { turns } from '#core';

/** Up to so many characters an answer is made in one piece. */
const SMALL_CHARS_MAX = 256 * 1024;

/** A large answer goes out in buffers of about so many characters. */
const BUFFER_CHARS = 64 * 1024;

/** The beginning of a text that comes in pieces, all of it where `rest` is undefined. */
export interface Beginning {
  readonly text: string;
  readonly rest: Iterator<string> | undefined;
}

/** Joins the pieces of a small answer; of a large one, as many as a small one has. */
export async function joinedIfSmall(pieces: Iterable<string>): Promise<Beginning> {
  const rest = pieces[Symbol.iterator]();
  let text = '';
  for (let next = rest.next(); next.done !== true; next = rest.next()) {
    text += next.value;
    if (text.length > SMALL_CHARS_MAX) return { text, rest };
  }
  if (turns.isOver) await turns.next();
  return { text, rest: undefined };
}

/** The text that begins with `text` and goes on with `rest`, in UTF-8. Each buffer is made when it is asked for. */
export async function* bufferedPieces(text: string, rest: Iterator<string>): AsyncGenerator<Buffer, void> {
  let gathered = text;
  for (let next = rest.next(); next.done !== true; next = rest.next()) {
    gathered += next.value;
    if (gathered.length < BUFFER_CHARS) continue;
    yield Buffer.from(gathered);
    gathered = '';
    if (turns.isOver) await turns.next();
  }
  yield Buffer.from(gathered);
}

/** A long string is written in pieces of so many characters. */
const PIECE_CHARS = 64 * 1024;

/** Bytes become base64 in pieces of so many, a multiple of three. */
const PIECE_BYTES = 48 * 1024;

/** A string as JSON text, in pieces. */
export function* stringPieces(text: string): Generator<string, void> {
  if (text.length <= PIECE_CHARS) return yield JSON.stringify(text);
  yield '"';
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    // Half of a surrogate pair at either end is escaped, and the two escapes are the pair again.
    yield JSON.stringify(text.slice(at, at + PIECE_CHARS)).slice(1, -1);
  }
  yield '"';
}

/** Bytes as JSON text: standard base64 with padding, which has nothing to escape, in pieces. */
export function* base64Pieces(bytes: Uint8Array): Generator<string, void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length <= PIECE_BYTES) return yield `"${buffer.toString('base64')}"`;
  yield '"';
  for (let at = 0; at < buffer.length; at += PIECE_BYTES) yield buffer.toString('base64', at, at + PIECE_BYTES);
  yield '"';
}

/**
 * A value as `JSON.stringify` writes it, in pieces none of which is large; bytes (Uint8Array) become base64. What is
 * undefined is left out of objects.
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
