import { DomainError, decodeBase64 } from '#core';
import type { ItemSource } from '#serving';
import { isRecord } from '../codec/json/json-fields.js';
import { refuseUnknown } from './request-fields.js';

/** How plain strings are meant; the first one where nothing is said. */
export const MODALITIES = ['text', 'image'] as const;

/** See MODALITIES. */
export type Modality = (typeof MODALITIES)[number];

/**
 * One item of `/v1/embeddings` or `/v1/rank`. A string is a text (an image where `modality` says so, or where it is a
 * data URI, which is no sentence); an object says which: `{"text": …}`, `{"image": address | data URI | base64}`,
 * `{"image_url": address | {"url": …}}`, each also with OpenAI's `type`. What is null or empty counts as left out, as
 * long as there is another content. Throws `invalid_argument` naming `where`, also for two contents and for unknown
 * fields.
 */
export async function parseItem(value: unknown, where: string, modality: Modality): Promise<ItemSource> {
  if (typeof value === 'string') {
    return modality === 'image' || isDataUri(value) ? parseImage(value, where) : { kind: 'text', text: value };
  }
  if (isTokenIds(value)) throw tokenIds(where);
  if (!isRecord(value)) throw wrongShape(where);
  refuseUnknown(value, { where, known: ITEM_FIELDS, meant: MEANT_ITEM_FIELDS });
  const contents = readContents(value, where);
  const given = contents.filter(({ content }) => content !== '');
  const [first, second] = given;
  if (first && second) throw twoContents(where, first.name, second.name);
  const only = first ?? contents[0];
  if (!only) throw wrongShape(where);
  checkType(value['type'], only, where);
  return only.name === 'text' ? { kind: 'text', text: only.content } : parseImage(only.content, where);
}

/**
 * Ids that a tokenizer made of a text, as some clients of OpenAI send them: `[320, 1929]`, or one list of them a text.
 */
function isTokenIds(value: unknown): boolean {
  return typeof value === 'number' || (Array.isArray(value) && typeof value[0] === 'number');
}

function tokenIds(where: string): DomainError {
  return new DomainError(
    'invalid_argument',
    `${where} is a number or a list of numbers: token ids fit one tokenizer only, so send the text itself. ` +
      "LangChain's OpenAIEmbeddings does with check_embedding_ctx_length=False.",
  );
}

const ITEM_FIELDS = ['text', 'image', 'image_url', 'type'] as const;

/** What other servers and people call the same. */
const MEANT_ITEM_FIELDS = new Map([
  ...['txt', 'string', 'sentence', 'caption', 'content', 'input', 'document', 'value'].map(toPair('text')),
  ...['img', 'picture', 'photo', 'bytes', 'blob', 'base64', 'image_base64', 'b64_json', 'data'].map(toPair('image')),
  ...['url', 'uri', 'image_uri', 'href', 'src'].map(toPair('image_url')),
]);

function toPair(meant: string): (name: string) => [string, string] {
  return (name) => [name, meant];
}

interface Content {
  readonly name: 'text' | 'image' | 'image_url';
  readonly content: string;
}

/** The contents that are not null, the empty ones too: an item of one empty text is told that its text is empty. */
function readContents(item: Record<string, unknown>, where: string): Content[] {
  const contents: Content[] = [];
  for (const name of ['text', 'image', 'image_url'] as const) {
    const value = item[name] ?? undefined;
    if (value === undefined) continue;
    const content = name === 'image_url' ? readUrl(value, where) : value;
    if (typeof content !== 'string') throw wrongShape(where);
    contents.push({ name, content: name === 'text' ? content : content.trim() });
  }
  return contents;
}

function readUrl(value: unknown, where: string): unknown {
  if (!isRecord(value)) return value;
  // OpenAI's `detail` chooses how finely a chat model looks; a CLIP model has one size.
  refuseUnknown(value, { where: `${where}.image_url`, known: ['url', 'detail'], meant: new Map([['uri', 'url']]) });
  return value['url'];
}

/** What `type` may say beside a text. */
export const TYPES_OF_TEXT = ['text', 'input_text'] as const;

/** What `type` may say beside an image. */
export const TYPES_OF_IMAGE = ['image', 'image_url', 'input_image'] as const;

/** `type` repeats what the content is, in OpenAI's words. */
function checkType(type: unknown, { name }: Content, where: string): void {
  if (type === undefined || type === null) return;
  const known = name === 'text' ? TYPES_OF_TEXT : TYPES_OF_IMAGE;
  if (known.some((word) => word === type)) return;
  throw new DomainError(
    'invalid_argument',
    `${where} carries "${name}", but its "type" says something else: make it "${known[0]}", or leave it out.`,
  );
}

function twoContents(where: string, first: string, second: string): DomainError {
  return new DomainError(
    'invalid_argument',
    `${where} has both "${first}" and "${second}", and a CLIP model gives one vector for one text or one image. ` +
      'Send two items; their vectors may be averaged afterwards.',
  );
}

function wrongShape(where: string): DomainError {
  return new DomainError(
    'invalid_argument',
    `${where} is neither text nor image: give a string, {"text": "…"} or {"image": "URL, data URI or base64"}.`,
  );
}

/**
 * The start of a data URI (RFC 2397), in any case and with blanks before it: with a media type, or without one but with
 * `;base64`. A sentence that begins with the word does not look so.
 */
const DATA_URI = /^\s*data:\s*(?:image\/|[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*[;,]|;|,|base64,)/i;
/** Neither is longer; the search for its end would go through all of a large picture in base64. */
const HEAD_CHARS_MAX = 512;
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
/** A path of one line; what is longer than any path is a file that was not encoded well. */
const PATH = /^(?=.*[./])[^\0\r\n]{1,4096}$/;

/** Whether a plain string is a picture rather than a text. */
function isDataUri(text: string): boolean {
  return DATA_URI.test(text.slice(0, HEAD_CHARS_MAX));
}

/**
 * An image as a caller writes it: an address with a scheme, base64 of the file (both alphabets, line breaks allowed),
 * or a path inside the operator's folder. Blanks around it do not count. A path whose letters could all be base64 has
 * to be written as `file:` URI. Throws `invalid_argument` naming `where`.
 */
async function parseImage(value: string, where: string): Promise<ItemSource> {
  const given = value.trim();
  if (HAS_SCHEME.test(given.slice(0, HEAD_CHARS_MAX))) return { kind: 'uri', uri: given };
  const bytes = await decodeBase64(given);
  if (bytes) return { kind: 'image', bytes };
  if (PATH.test(given) && !BASE64.test(given)) return { kind: 'uri', uri: given };
  throw new DomainError('invalid_argument', `${where} is not an image: give a URL, a data URI or base64 of the file.`);
}
