import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditEventEntity } from '#database';

/** `previousHash` of the first event. */
export const GENESIS_HASH = '0'.repeat(64);

/** An event without its own hash: what the hash is taken over. */
export type HashedFields = Omit<AuditEventEntity, 'hash'>;

/**
 * The hash of an event: SHA-256, in hex, over the UTF-8 bytes of the canonical JSON of all its fields but `hash`. Since
 * `previousHash` is one of them, every later hash changes when an event is changed, taken out or put in.
 */
export function hashOf(fields: HashedFields): string {
  return createHash('sha256')
    .update(canonicalJson(fieldsOf(fields)))
    .digest('hex');
}

/** An event as it is stored and exported; `before` and `after` are the very texts that were hashed. */
export type AuditRecord = HashedFields & { readonly hash: string };

/** An event as a line of an export, without a line break: canonical JSON of its fields and `hash`. */
export function lineOf(record: AuditRecord): string {
  return canonicalJson({ ...fieldsOf(record), hash: record.hash });
}

/**
 * Reads the event from a line of an export. Undefined for a line that holds none, also when it has a field too few or
 * too many.
 */
export function recordOf(line: string): AuditRecord | undefined {
  return exportedRecord.safeParse(parsed(line)).data;
}

const exportedRecord = z.strictObject({
  seq: z.int(),
  atMs: z.int(),
  actorKind: z.string(),
  actorId: z.string(),
  actorName: z.string(),
  action: z.string(),
  targetKind: z.string(),
  targetId: z.string(),
  targetName: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  fromAddress: z.string().nullable(),
  previousHash: z.string(),
  hash: z.string(),
}) satisfies z.ZodType<AuditRecord>;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Picks the fields that are hashed, whatever else an object holds. */
function fieldsOf(event: HashedFields): HashedFields {
  const { seq, atMs, actorKind, actorId, actorName, action, targetKind, targetId, targetName } = event;
  const { before, after, fromAddress, previousHash } = event;
  return {
    ...{ seq, atMs, actorKind, actorId, actorName, action, targetKind, targetId, targetName },
    ...{ before, after, fromAddress, previousHash },
  };
}

/**
 * JSON with the keys of every object in the order of their UTF-16 code units and no spaces, so that equal values are
 * equal texts (the idea of RFC 8785, for the values that audit events hold). Leaves out what JSON cannot express
 * (undefined, functions).
 *
 * @throws TypeError for a value that is undefined, holds itself or has a bigint in it
 */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError('There is no JSON for undefined.');
  return sorted(JSON.parse(text));
}

/**
 * Builds the text itself: JavaScript's objects put keys such as "10" before all others, in whatever order they came.
 */
function sorted(json: unknown): string {
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  if (Array.isArray(json)) return `[${json.map(sorted).join(',')}]`;
  const entries = Object.entries(json).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${sorted(inner)}`).join(',')}}`;
}
