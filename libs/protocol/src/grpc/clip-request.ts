import { DomainError, turns } from '#core';
import type { ItemSource } from '#serving';
import { fieldTag, WireReader, WireType } from '../codec/proto/wire-reader.js';

/** A `clip.v1.EncodeRequest` of which everything is known but its items, which have only been counted. */
export interface EncodeCall {
  readonly id: string;
  /** The model that is named; the default one when undefined. */
  readonly model: string | undefined;
  readonly normalize: boolean;
  readonly count: number;
  /** Makes the items, in turns of the event loop; images are views of the message. Rejects with `invalid_argument`. */
  items(): Promise<ItemSource[]>;
}

/** A `clip.v1.RankRequest`, in the same way. */
export interface RankCall {
  readonly model: string | undefined;
  /** How many items it has: the query and the candidates. */
  readonly count: number;
  /** See EncodeCall.items. */
  items(): Promise<{ query: ItemSource; candidates: ItemSource[] }>;
}

const { bytes, varint } = WireType;
const first = fieldTag(1, bytes);
const second = fieldTag(2, bytes);
const third = fieldTag(3, bytes);
const normalizeTag = fieldTag(4, varint);

/**
 * Reads a `clip.v1.EncodeRequest` but for its items, in turns of the event loop. Rejects with `invalid_argument` for
 * bytes that are none and `request_too_large` for more fields than a message may have.
 */
export async function readEncodeRequest(message: Uint8Array): Promise<EncodeCall> {
  const open = (): WireReader => WireReader.of(message, 'clip.v1.EncodeRequest');
  const reader = open();
  let [id, model, normalize, count] = ['', '', false, 0];
  while (!reader.done) {
    if (reader.isTurnOver) await turns.next();
    const tag = reader.tag();
    if (tag === first) id = reader.string('id');
    else if (tag === second) model = reader.string('model');
    else if (tag === normalizeTag) normalize = reader.varint() !== 0;
    else {
      if (tag === third) count += 1;
      reader.skip(tag);
    }
  }
  return { id, model: model || undefined, normalize, count, items: () => decodeItems(open(), third, 'items') };
}

/** As readEncodeRequest; `invalid_argument` also where there is no candidate. */
export async function readRankRequest(message: Uint8Array): Promise<RankCall> {
  const open = (): WireReader => WireReader.of(message, 'clip.v1.RankRequest');
  const reader = open();
  let [model, candidates] = ['', 0];
  while (!reader.done) {
    if (reader.isTurnOver) await turns.next();
    const tag = reader.tag();
    if (tag === first) model = reader.string('model');
    else {
      if (tag === third) candidates += 1;
      reader.skip(tag);
    }
  }
  if (candidates === 0) throw new DomainError('invalid_argument', 'candidates is empty: name at least one.');
  return {
    model: model || undefined,
    count: candidates + 1,
    items: async () => ({
      query: await decodeQuery(open()),
      candidates: await decodeItems(open(), third, 'candidates'),
    }),
  };
}

async function decodeItems(reader: WireReader, itemTag: number, name: string): Promise<ItemSource[]> {
  const items: ItemSource[] = [];
  while (!reader.done) {
    if (reader.isTurnOver) await turns.next();
    const tag = reader.tag();
    if (tag !== itemTag) reader.skip(tag);
    else items.push((await decodeItem(reader.message(name, items.length))) ?? sourceless(`${name}[${items.length}]`));
  }
  return items;
}

/** A message that is sent in parts is joined: the last source counts. */
async function decodeQuery(reader: WireReader): Promise<ItemSource> {
  let query: ItemSource | undefined;
  while (!reader.done) {
    if (reader.isTurnOver) await turns.next();
    const tag = reader.tag();
    if (tag === second) query = (await decodeItem(reader.message('query'))) ?? query;
    else reader.skip(tag);
  }
  return query ?? sourceless('query');
}

/** `clip.v1.Item`; undefined when it has no source. Of several the last one on the wire counts, as in every `oneof`. */
async function decodeItem(reader: WireReader): Promise<ItemSource | undefined> {
  let source: ItemSource | undefined;
  while (!reader.done) {
    if (reader.isTurnOver) await turns.next();
    const tag = reader.tag();
    if (tag === first) source = { kind: 'text', text: reader.string('text') };
    else if (tag === second) source = { kind: 'image', bytes: reader.bytes() };
    else if (tag === third) source = { kind: 'uri', uri: reader.address('image_uri') };
    else reader.skip(tag);
  }
  return source;
}

function sourceless(where: string): never {
  throw new DomainError('invalid_argument', `${where} has no source: set text, image or image_uri.`);
}
