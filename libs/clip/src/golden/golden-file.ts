import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncodeItem } from '#core';
import { type Fields, fieldsOf, firstNumber, modelBroken, readFields } from '../files/json-fields.js';

/** What a model must return, as its exporter recorded it (docs/export.md). */
export interface Golden {
  /** Least cosine of the angle between a vector and its reference; above 0, at most 1. */
  readonly cosineMin: number;
  /** At least one. */
  readonly items: readonly GoldenItem[];
  /** Empty for files that were written before the format held ids. */
  readonly tokenTexts: readonly TokenText[];
}

/**
 * A text and the ids that the original tokenizer gives it: start and end token included, cut to the context, not
 * padded.
 */
export interface TokenText {
  /** Names the text in errors. */
  readonly label: string;
  readonly text: string;
  readonly ids: readonly number[];
}

/** One input and the vector that the original model gives it. */
export interface GoldenItem {
  /** Names the item in errors. */
  readonly label: string;
  readonly item: EncodeItem;
  readonly vector: Float32Array;
}

const FILE = 'golden.json';
const FORMAT = 1;
/** How much of a text a label shows. */
const LABEL_CHARACTERS_MAX = 40;
const UNSEEN = /(?! )[\p{C}\p{Z}]/gu;

/**
 * Reads the `golden.json` of a model folder; undefined when it has none. Rejects with `unavailable` when the file is
 * broken.
 */
export async function readGolden(folder: string): Promise<Golden | undefined> {
  const path = join(folder, FILE);
  const missing = await access(path).then(
    () => false,
    () => true,
  );
  return missing ? undefined : parseGolden(await readFields(path, FILE));
}

/** Parses a `golden.json`. Throws `unavailable` for anything but a file of the known format. */
export function parseGolden(fields: Fields): Golden {
  if (fields['format'] !== FORMAT) throw broken(`has another format than ${FORMAT}`, String(fields['format']));
  const cosineMin = firstNumber(fields['cosine_min']);
  if (cosineMin === undefined || cosineMin <= 0 || cosineMin > 1) {
    throw broken('names no cosine_min between 0 and 1', String(fields['cosine_min']));
  }
  const items = [...listOf(fields['texts']).map(parseTextItem), ...listOf(fields['images']).map(parseImageItem)];
  if (items.length === 0) throw broken('holds no item', '');
  return { cosineMin, items, tokenTexts: tokenTextsOf(fields['token_ids']) };
}

function parseTextItem(fields: Fields, at: number): GoldenItem {
  const { label, text } = parseText(fields, `text ${at + 1}`);
  return { label, item: { kind: 'text', text }, vector: vectorOf(fields['vector'], `text ${at + 1}`) };
}

/** Refuses a broken list: without the error nobody would miss the check. */
function tokenTextsOf(value: unknown): TokenText[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw broken('holds no list of token_ids', typeof value);
  return value.map(fieldsOf).map((fields, at) => {
    const name = `text ${at + 1} of token_ids`;
    const ids: unknown = fields['ids'];
    if (!Array.isArray(ids) || !ids.every(isTokenId)) throw broken(`holds no ids for ${name}`, typeof ids);
    return { ...parseText(fields, name), ids };
  });
}

function isTokenId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parseText({ text }: Fields, name: string): { label: string; text: string } {
  if (typeof text !== 'string') throw broken(`holds no string for ${name}`, typeof text);
  return { label: `${name} ("${shown(text)}")`, text };
}

/** Returns the beginning of a text, with invisible characters (joiners, blanks outside ASCII) as their numbers. */
function shown(text: string): string {
  const characters = Array.from(text.slice(0, 2 * LABEL_CHARACTERS_MAX));
  const start = characters.slice(0, LABEL_CHARACTERS_MAX).join('');
  const seen = start.replaceAll(UNSEEN, (one) => `\\u{${one.codePointAt(0)?.toString(16) ?? ''}}`);
  return start.length < text.length ? `${seen}…` : seen;
}

function parseImageItem(fields: Fields, at: number): GoldenItem {
  const label = `image ${at + 1}`;
  const bytes = bytesOf(fields['png'], label);
  return { label, item: { kind: 'image', bytes }, vector: vectorOf(fields['vector'], label) };
}

/** Reads little-endian float32, which is the order of every machine that onnxruntime-node runs on. */
function vectorOf(value: unknown, label: string): Float32Array {
  const bytes = bytesOf(value, label);
  if (bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0) throw broken(`holds part of a number for ${label}`, '');
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

function bytesOf(value: unknown, label: string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  if (bytes.length === 0) throw broken(`holds no data for ${label}`, typeof value);
  return bytes;
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function broken(what: string, internal: string): Error {
  return modelBroken(`${FILE} ${what}`, internal);
}
