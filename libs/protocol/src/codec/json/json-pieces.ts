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
