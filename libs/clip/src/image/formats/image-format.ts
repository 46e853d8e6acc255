import { DomainError } from '#core';
import { imageFormatRefused, imageUnreadable } from '../image-errors.js';

/** The formats that are decoded: GIF, BMP and TIFF by readers in this folder, the others by sharp. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'tiff' | 'avif';

/**
 * Detects the format by the first bytes (that of Targa by the last). It ignores names and media types of callers. SVG,
 * PDF and other formats that run code or fetch things never reach a decoder. Throws `item_empty` (no bytes),
 * `image_format_refused` (a known format that is not accepted) or `image_unreadable` (unknown bytes).
 *
 * @example
 * imageFormatOf(await readFile('cat.jpg')); // 'jpeg'
 */
export function imageFormatOf(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new DomainError('item_empty', 'The image is empty (0 bytes). Send the whole file.');
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  const known = ACCEPTED.find(({ magic }) => magic.test(head));
  if (known) return known.format;
  const tail = Buffer.from(bytes.subarray(-TARGA_END.length)).toString('latin1');
  if (tail === TARGA_END) throw imageFormatRefused('Targa (TGA)');
  const refused = REFUSED.find(({ magic }) => magic.test(head));
  if (refused) throw imageFormatRefused(refused.format);
  throw imageUnreadable('no known magic number');
}

const ACCEPTED: readonly { format: ImageFormat; magic: RegExp }[] = [
  { format: 'jpeg', magic: /^\xff\xd8\xff/ },
  { format: 'png', magic: /^\x89PNG\r\n\x1a\n/ },
  { format: 'webp', magic: /^RIFF[^]{4}WEBP/ },
  { format: 'gif', magic: /^GIF8[79]a/ },
  { format: 'bmp', magic: /^BM[^]{8}/ },
  { format: 'tiff', magic: /^(II[*+]\0|MM\0[*+])/ },
  { format: 'avif', magic: /^[^]{4}ftyp(avif|avis|(mif1|msf1)[^]{4}([^]{4}){0,8}avif)/ },
];

/** Targa begins like an icon; only its end identifies it, and older files lack even that. */
const TARGA_END = 'TRUEVISION-XFILE.\0';

const REFUSED: readonly { format: string; magic: RegExp }[] = [
  { format: 'SVG', magic: /^(\xef\xbb\xbf)?\s*(<\?xml[^]*|<!--[^]*|<!DOCTYPE[^]*)?<svg[\s>]/i },
  { format: 'XML', magic: /^(\xef\xbb\xbf)?\s*<\?xml/i },
  { format: 'PDF', magic: /^%PDF-/ },
  { format: 'PostScript', magic: /^%!PS/ },
  { format: 'HEIC', magic: /^[^]{4}ftyp(heic|heix|hevc|heim|heis|mif1|msf1)/ },
  { format: 'JPEG 2000', magic: /^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/ },
  { format: 'JPEG XL', magic: /^(\xff\x0a|\0\0\0\x0cJXL )/ },
  { format: 'Photoshop', magic: /^8BPS/ },
  { format: 'icon', magic: /^\0\0[\x01\x02]\0/ },
  { format: 'OpenEXR', magic: /^\x76\x2f\x31\x01/ },
  { format: 'Radiance HDR', magic: /^#\?(RADIANCE|RGBE)/ },
  { format: 'Netpbm', magic: /^P[1-7]\s/ },
];
