/**
 * GPT-2's printable alphabet of the 256 bytes (openai/gpt-2, `encoder.py`, `bytes_to_unicode`), by byte. Printable
 * Latin-1 characters stand for themselves; the other bytes become U+0100 and up, in order.
 *
 * @example
 * BYTE_CHARACTERS[0x20]; // 'Ġ'
 */
export const BYTE_CHARACTERS: readonly string[] = byteCharacters();

function byteCharacters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}
