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

/** An event as it is exported: one line of JSON with these fields, `before` and `after` as the texts that were hashed. */
export function fieldsOf(event: HashedFields): HashedFields {
  const { seq, atMs, actorKind, actorId, actorName, action, targetKind, targetId, targetName } = event;
  const { before, after, fromAddress, previousHash } = event;
  return {
    ...{ seq, atMs, actorKind, actorId, actorName, action, targetKind, targetId, targetName },
    ...{ before, after, fromAddress, previousHash },
  };
}
