import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncodeItem } from '#core';
import { type Fields, fieldsOf, firstNumber, modelBroken, readFields } from '../json-fields.js';

/** What a model must answer, as its exporter wrote it down (docs/export.md). */
export interface Golden {
  /** Least cosine of the angle between a vector and its reference; above 0, at most 1. */
  readonly cosineMin: number;
  /** At least one. */
  readonly items: readonly GoldenItem[];
}

/** One input and the vector that the original model gave it. */
export interface GoldenItem {
  /** For people: which item of the file it is. */
  readonly label: string;
  readonly item: EncodeItem;
  readonly vector: Float32Array;
}

const FILE = 'golden.json';
const FORMAT = 1;
/** For labels: enough of a text to know it by. */
const LABEL_CHARACTERS_MAX = 40;

/** The `golden.json` of a model folder, undefined when it has none. Throws `unavailable` when the file is broken. */
export async function readGolden(folder: string): Promise<Golden | undefined> {
  const path = join(folder, FILE);
  const missing = await access(path).then(
    () => false,
    () => true,
  );
  return missing ? undefined : parseGolden(await readFields(path, FILE));
}

/** Throws `unavailable` for anything but a file of the known format. */
export function parseGolden(fields: Fields): Golden {
  if (fields['format'] !== FORMAT) throw broken(`has another format than ${FORMAT}`, String(fields['format']));
  const cosineMin = firstNumber(fields['cosine_min']);
  if (cosineMin === undefined || cosineMin <= 0 || cosineMin > 1) {
    throw broken('names no cosine_min between 0 and 1', String(fields['cosine_min']));
  }
  const items = [...listOf(fields['texts']).map(textItem), ...listOf(fields['images']).map(imageItem)];
  if (items.length === 0) throw broken('holds no item', '');
  return { cosineMin, items };
}

function textItem(fields: Fields, at: number): GoldenItem {
  const text = fields['text'];
  const label = `text ${at + 1}`;
  if (typeof text !== 'string') throw broken(`holds no string for ${label}`, typeof text);
  const shown = text.length > LABEL_CHARACTERS_MAX ? `${text.slice(0, LABEL_CHARACTERS_MAX)}…` : text;
  return { label: `${label} ("${shown}")`, item: { kind: 'text', text }, vector: vectorOf(fields['vector'], label) };
}

function imageItem(fields: Fields, at: number): GoldenItem {
  const label = `image ${at + 1}`;
  const bytes = bytesOf(fields['png'], label);
  return { label, item: { kind: 'image', bytes }, vector: vectorOf(fields['vector'], label) };
}

/** Little-endian float32, as every machine that onnxruntime-node runs on keeps it. */
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
