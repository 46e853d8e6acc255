import { Buffer } from 'node:buffer';
import { posix } from 'node:path';
import { decodeBase64, DomainError } from '#core';
import type { FileStore } from '../files/file-store.js';
import type { RowContent } from './source-row.js';

/** Most bytes of one picture or text as it lies in the source; larger ones are bad rows, and are not read. */
export const ITEM_BYTES_MAX = 32 * 2 ** 20;

/** Fetches a picture by its http(s) address. */
export type FetchImage = (url: string) => Promise<Uint8Array>;

/** Where values lead that are not the content itself. */
export interface ContentPlace {
  readonly store: FileStore;
  /** Folder under the store that paths are relative to. */
  readonly folder: string;
  /** Unset: addresses are bad rows. */
  readonly fetchImage?: FetchImage | undefined;
}

/** A row that cannot be encoded. */
export function badRow(code: 'invalid_argument' | 'item_empty' | 'image_unreadable', text: string): RowContent {
  return { error: new DomainError(code, text) };
}

/** A text to encode; one without any letter is a bad row. */
export function textContent(text: string): RowContent {
  if (text.trim() === '') return badRow('item_empty', 'The text is empty.');
  if (text.length > ITEM_BYTES_MAX) return badRow('invalid_argument', 'The text is too long.');
  return { item: { kind: 'text', text } };
}

/** A picture's file to encode; an empty or huge one is a bad row. */
export function imageContent(bytes: Uint8Array): RowContent {
  if (bytes.length === 0) return badRow('item_empty', 'The picture has no bytes.');
  if (bytes.length > ITEM_BYTES_MAX) return tooLarge(bytes.length);
  return { item: { kind: 'image', bytes } };
}

/** The bad row of a picture that is too large to be read. */
export function tooLarge(bytes: number): RowContent {
  return badRow('invalid_argument', `It has ${bytes} bytes; at most ${ITEM_BYTES_MAX} are read.`);
}

/**
 * What the value of a field stands for. Texts are strings (numbers are written out). Pictures are bytes, a record
 * `{bytes, path}` as Hugging Face writes it, a data URI, or a path under the source.
 */
export async function contentOf(kind: 'image' | 'text', value: unknown, place: ContentPlace): Promise<RowContent> {
  if (value === null || value === undefined) return badRow('item_empty', 'The field has no value.');
  if (kind === 'text') {
    if (typeof value === 'string') return textContent(value);
    if (typeof value === 'number' || typeof value === 'bigint') return textContent(String(value));
    return badRow('invalid_argument', 'The field is not a text.');
  }
  if (value instanceof Uint8Array) return imageContent(value);
  if (typeof value === 'string') return imageAt(value.trim(), place);
  if (typeof value === 'object') {
    const bytes = 'bytes' in value ? value.bytes : undefined;
    const path = 'path' in value ? value.path : undefined;
    if (bytes instanceof Uint8Array) return imageContent(bytes);
    if (typeof bytes === 'string') return fromBase64(bytes);
    if (typeof path === 'string') return imageAt(path, place);
  }
  return badRow('invalid_argument', 'The field is no picture: neither bytes, a data URI nor a path.');
}

async function imageAt(value: string, { store, folder, fetchImage }: ContentPlace): Promise<RowContent> {
  if (value === '') return badRow('item_empty', 'The field is empty.');
  if (/^data:/i.test(value)) return fromDataUri(value);
  if (/^https?:/i.test(value)) return fetched(value, fetchImage);
  const path = posix.normalize(posix.join(folder, value.replaceAll('\\', '/')));
  if (posix.isAbsolute(value) || path === '..' || path.startsWith('../'))
    return badRow('invalid_argument', 'The path leads out of the source.');
  try {
    const bytes = await store.readWhole(path, ITEM_BYTES_MAX);
    return bytes === undefined ? badRow('image_unreadable', 'The source has no such file.') : imageContent(bytes);
  } catch (thrown) {
    return { error: DomainError.from(thrown) };
  }
}

async function fetched(url: string, fetchImage: FetchImage | undefined): Promise<RowContent> {
  if (!fetchImage) return badRow('invalid_argument', 'It is an address, and addresses are fetched with --fetch only.');
  try {
    return imageContent(await fetchImage(url));
  } catch (thrown) {
    return { error: DomainError.from(thrown) };
  }
}

async function fromDataUri(uri: string): Promise<RowContent> {
  const [, parameters = '', data = ''] = /^data:([^,]*),(.*)$/is.exec(uri) ?? [];
  if (!/;base64$/i.test(parameters)) return imageContent(Buffer.from(percentDecoded(data), 'latin1'));
  return fromBase64(data);
}

async function fromBase64(text: string): Promise<RowContent> {
  const bytes = await decodeBase64(text);
  return bytes ? imageContent(bytes) : badRow('image_unreadable', 'The base64 of the picture is broken.');
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
