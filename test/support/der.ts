/** The few types of DER (X.690) that a certificate is made of; each answers the whole tag-length-value. */

/** SEQUENCE. */
export const sequence = (...parts: Buffer[]): Buffer => value(0x30, Buffer.concat(parts));

/** SET (one member: no sorting needed). */
export const set = (member: Buffer): Buffer => value(0x31, member);

/** INTEGER of one byte, 0 to 127. */
export const integer = (number: number): Buffer => value(0x02, Buffer.from([number]));

/** BOOLEAN. */
export const boolean = (truth: boolean): Buffer => value(0x01, Buffer.from([truth ? 0xff : 0]));

/** OCTET STRING. */
export const octetString = (bytes: Buffer): Buffer => value(0x04, bytes);

/** UTF8String. */
export const utf8String = (text: string): Buffer => value(0x0c, Buffer.from(text));

/** BIT STRING whose last byte has `unusedBits` that do not count. */
export const bitString = (bytes: Buffer, unusedBits = 0): Buffer =>
  value(0x03, Buffer.concat([Buffer.from([unusedBits]), bytes]));

/** Context-specific tag `[number]`: around other values, or around raw bytes when `primitive`. */
export const context = (number: number, content: Buffer, form: 'constructed' | 'primitive' = 'constructed'): Buffer =>
  value((form === 'constructed' ? 0xa0 : 0x80) | number, content);

/** INTEGER from random bytes: positive, and with no leading zero byte to be cut. */
export function positiveInteger(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = ((copy[0] ?? 0) & 0x7f) | 0x40;
  return value(0x02, copy);
}

/** GeneralizedTime in whole seconds, UTC. */
export function generalizedTime(time: Date): Buffer {
  const digits = time.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return value(0x18, Buffer.from(`${digits}Z`));
}

/** OBJECT IDENTIFIER from its dotted form. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return value(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(number: number): number[] {
  const bytes = [number & 0x7f];
  for (let left = number >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

function value(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  if (size < 0x100) return Buffer.from([0x81, size]);
  return Buffer.from([0x82, size >> 8, size & 0xff]);
}
