import type { Readable } from 'node:stream';

/** A line without its end, as bytes; undefined when it was longer than allowed. */
export type Line = Buffer | undefined;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits a stream into lines (LF or CRLF). Memory holds one line and one piece; a line of more than `bytesMax` bytes is
 * passed over and given as undefined, so that the lines after it keep their numbers. A byte order mark is dropped.
 */
export async function* linesOf(stream: Readable, bytesMax: number): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isFirst = true;
  const take = (last: Buffer): Line => {
    const isTooLong = heldBytes + last.length > bytesMax;
    const line = isTooLong ? undefined : trimmed(Buffer.concat([...held, last]), isFirst);
    [held, heldBytes, isFirst] = [[], 0, false];
    return line;
  };
  for await (const piece of stream) {
    if (!Buffer.isBuffer(piece)) throw new TypeError('lines are read from bytes');
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      yield take(piece.subarray(start, end));
      start = end + 1;
    }
    const rest = piece.subarray(start);
    heldBytes += rest.length;
    if (heldBytes <= bytesMax) held.push(Buffer.from(rest));
    else held = [];
  }
  if (heldBytes > 0) yield take(Buffer.alloc(0));
}

function trimmed(line: Buffer, isFirst: boolean): Buffer {
  const start = isFirst && line.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  return line.subarray(start, line.at(-1) === CARRIAGE_RETURN ? -1 : undefined);
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
