/** For specs: a body. */
export function jsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** For specs: an answer that is written in pieces. */
export function joined(pieces: Iterable<string>): string {
  return [...pieces].join('');
}
