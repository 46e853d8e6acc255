import type { EntityManager } from 'typeorm';
import { AuditEventEntity, nextChange } from '#database';
import type { AuditChange } from './actor.js';
import { GENESIS_HASH, hashOf } from './audit-record.js';
import { canonicalJson } from './canonical-json.js';

/** Most characters of `before` or `after`; longer ones are kept as their beginning and their length. */
export const VALUE_CHARS_MAX = 16_384;

/**
 * Writes down a change inside the very transaction that makes it, so that there is never one without the other. Events are
 * chained by hash; the row lock of the counter makes writers wait for one another, so the chain has no branches.
 */
export async function appendAudit(manager: EntityManager, change: AuditChange, atMs: number): Promise<void> {
  const seq = await nextChange(manager, 'audit');
  const previous = await manager.findOneBy(AuditEventEntity, { seq: seq - 1 });
  const { actor, action, target, before, after } = change;
  const event = {
    seq,
    atMs,
    actorKind: actor.kind,
    actorId: actor.id.slice(0, 200),
    actorName: actor.name.slice(0, 400),
    action,
    targetKind: target.kind,
    targetId: target.id.slice(0, 200),
    targetName: target.name.slice(0, 400),
    before: textOf(before),
    after: textOf(after),
    fromAddress: actor.from?.slice(0, 100) ?? null,
    previousHash: previous?.hash ?? GENESIS_HASH,
  };
  await manager.insert(AuditEventEntity, { ...event, hash: hashOf(event) });
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = canonicalJson(value);
  if (text.length <= VALUE_CHARS_MAX) return text;
  return canonicalJson({ cut: text.slice(0, VALUE_CHARS_MAX / 2), chars: text.length });
}
