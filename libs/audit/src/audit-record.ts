import { createHash } from 'node:crypto';
import { z } from 'zod';
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

/** What is hashed and nothing else, whatever more an object holds. */
function fieldsOf(event: HashedFields): HashedFields {
  const { seq, atMs, actorKind, actorId, actorName, action, targetKind, targetId, targetName } = event;
  const { before, after, fromAddress, previousHash } = event;
  return {
    ...{ seq, atMs, actorKind, actorId, actorName, action, targetKind, targetId, targetName },
    ...{ before, after, fromAddress, previousHash },
  };
}
