import { DomainError } from '#core';
import type { ItemSource } from '#serving';

/** A parsed `clip.v1.EncodeRequest`. */
export interface EncodeCall {
  id: string;
  model: string | undefined;
  items: ItemSource[];
  normalize: boolean;
}

/** A parsed `clip.v1.RankRequest`. */
export interface RankCall {
  model: string | undefined;
  query: ItemSource;
  candidates: ItemSource[];
}

/** What proto-loader made of the bytes, as typed values; `invalid_argument` names what is missing. */
export function parseEncodeRequest(message: unknown): EncodeCall {
  const request = fieldsOf(message);
  return {
    id: stringOf(request['id']),
    model: stringOf(request['model']) || undefined,
    items: listOf(request['items']).map((item, index) => itemOf(item, `items[${index}]`)),
    normalize: request['normalize'] === true,
  };
}

/** See parseEncodeRequest. */
export function parseRankRequest(message: unknown): RankCall {
  const request = fieldsOf(message);
  const candidates = listOf(request['candidates']).map((item, index) => itemOf(item, `candidates[${index}]`));
  if (candidates.length === 0) throw new DomainError('invalid_argument', 'candidates is empty: name at least one.');
  return { model: stringOf(request['model']) || undefined, query: itemOf(request['query'], 'query'), candidates };
}

function itemOf(value: unknown, where: string): ItemSource {
  const item = fieldsOf(value);
  if (item['source'] === 'text') return { kind: 'text', text: stringOf(item['text']) };
  if (item['source'] === 'imageUri') return { kind: 'uri', uri: stringOf(item['imageUri']) };
  const image = item['image'];
  if (item['source'] === 'image' && image instanceof Uint8Array) return { kind: 'image', bytes: image };
  throw new DomainError('invalid_argument', `${where} has no source: set text, image or image_uri.`);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
