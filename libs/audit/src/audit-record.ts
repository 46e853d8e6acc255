import { createHash } from 'node:crypto';
import type { AuditEventEntity } from '#database';
import { canonicalJson } from './canonical-json.js';

/** `previousHash` of the first event. */
export const GENESIS_HASH = '0'.repeat(64);

/** An event without its own hash: what the hash is taken over. */
export type HashedFields = Omit<AuditEventEntity, 'hash'>;

/**
 * The hash of an event: SHA-256, in hex, over the UTF-8 bytes of the canonical JSON of all its fields but `hash`. Since
 * `previousHash` is one of them, no event can be changed, taken out or put in without every later hash being another.
 */
export function hashOf(fields: HashedFields): string {
  return createHash('sha256')
    .update(canonicalJson(fieldsOf(fields)))
    .digest('hex');
}

/** An event as it is stored and exported, `before` and `after` as the very texts that were hashed. */
export type AuditRecord = HashedFields & { readonly hash: string };

/** An event as a line of an export, without a line break: canonical JSON of its fields and `hash`. */
export function lineOf(record: AuditRecord): string {
  return canonicalJson({ ...fieldsOf(record), hash: record.hash });
}

/** The event that a line of an export holds; undefined for what is none, also when it has a field too few or too many. */
export function recordOf(line: string): AuditRecord | undefined {
  const json = parsed(line);
  if (!isRecord(json)) return undefined;
  return Object.keys(json).length === FIELD_COUNT ? json : undefined;
}

const TEXTS = ['actorKind', 'actorId', 'actorName', 'action', 'targetKind', 'targetId', 'targetName'] as const;
const HASHES = ['previousHash', 'hash'] as const;
const NUMBERS = ['seq', 'atMs'] as const;
const TEXTS_OR_NULL = ['before', 'after', 'fromAddress'] as const;
const FIELD_COUNT = TEXTS.length + HASHES.length + NUMBERS.length + TEXTS_OR_NULL.length;

function isRecord(json: unknown): json is AuditRecord {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  const values: Record<string, unknown> = { ...json };
  return (
    [...TEXTS, ...HASHES].every((name) => typeof values[name] === 'string') &&
    NUMBERS.every((name) => Number.isSafeInteger(values[name])) &&
    TEXTS_OR_NULL.every((name) => values[name] === null || typeof values[name] === 'string')
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What is hashed and nothing else, whatever more an object holds. */
function fieldsOf(event: HashedFields): HashedFields {
  const { seq, atMs, actorKind, actorId, actorName, action, targetKind, targetId, targetName } = event;
  const { before, after, fromAddress, previousHash } = event;
  return {
    ...{ seq, atMs, actorKind, actorId, actorName, action, targetKind, targetId, targetName },
    ...{ before, after, fromAddress, previousHash },
  };
}
