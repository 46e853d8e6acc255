import { turns } from './turns.js';

/** Long texts are decoded in pieces of so many characters. */
const PIECE_CHARS = 1024 * 1024;

/**
 * Decodes base64, standard or URL-safe, padded or not, with or without line breaks. Undefined for anything else: Node
 * itself skips characters that are not base64, which would turn a typing error into a broken image. Long texts are
 * decoded in slices.
 *
 * @example const bytes = await decodeBase64('aGk='); // <Buffer 68 69>
 */
export async function decodeBase64(text: string): Promise<Buffer | undefined> {
  const decoder = new Base64Decoder(text.length);
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    if (turns.isOver) await turns.next();
    if (!decoder.push(text.slice(at, at + PIECE_CHARS))) return undefined;
  }
  return decoder.finish();
}

/** See decodeBase64; for text that comes in pieces. */
export class Base64Decoder {
  private readonly bytes: Buffer;
  private length = 0;
  /** The last group that came; it may be the end of the text. */
  private rest = '';

  /** @param charsMax no more characters than these will come */
  constructor(charsMax: number) {
    this.bytes = Buffer.allocUnsafe(Math.ceil(charsMax / 4) * 3);
  }

  /** Takes another piece; false when it is not base64. */
  push(piece: string): boolean {
    const text = this.rest + piece;
    return this.take(text) || this.take(text.replace(/\s+/g, ''));
  }

  /** All bytes, or undefined when what came does not end as base64 does. */
  finish(): Buffer | undefined {
    const text = this.rest.replace(/\s+/g, '');
    const length = text.length - paddingOf(text);
    const written = this.bytes.write(text, this.length, 'base64');
    if (length % 4 === 1 || written !== Math.floor((length * 3) / 4)) return undefined;
    return this.bytes.subarray(0, this.length + written);
  }

  /**
   * Decodes all groups of four but the last. False, with nothing changed, when one of them does not give three bytes.
   */
  private take(text: string): boolean {
    const whole = Math.max(0, Math.floor((text.length - paddingOf(text) - 1) / 4) * 4);
    const written = this.bytes.write(text.slice(0, whole), this.length, 'base64');
    if (written !== (whole / 4) * 3) return false;
    this.length += written;
    this.rest = text.slice(whole);
    return true;
  }
}

function paddingOf(text: string): number {
  return text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
}
