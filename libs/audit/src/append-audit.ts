import type { EntityManager } from 'typeorm';
import { AuditEventEntity, nextChange } from '#database';
import type { AuditChange } from './actor.js';
import { GENESIS_HASH, hashOf } from './audit-record.js';
import { plainText, valueText } from './audit-text.js';

/** The counter that numbers events; its value is the number of the last one. */
export const AUDIT_COUNTER = 'audit';

/**
 * Writes down a change inside the very transaction that makes it, so that there is never one without the other. Events are
 * chained by hash; the row lock of the counter makes writers wait for one another, so the chain has no branches.
 */
export async function appendAudit(manager: EntityManager, change: AuditChange, atMs: number): Promise<void> {
  const seq = await nextChange(manager, AUDIT_COUNTER);
  const previous = await manager.findOneBy(AuditEventEntity, { seq: seq - 1 });
  const { actor, action, target, before, after } = change;
  const event = {
    seq,
    atMs,
    actorKind: actor.kind,
    actorId: plainText(actor.id, 200),
    actorName: plainText(actor.name, 400),
    action: plainText(action, 60),
    targetKind: plainText(target.kind, 40),
    targetId: plainText(target.id, 200),
    targetName: plainText(target.name, 400),
    before: valueText(before),
    after: valueText(after),
    fromAddress: actor.from === null ? null : plainText(actor.from, 100),
    previousHash: previous?.hash ?? GENESIS_HASH,
  };
  await manager.insert(AuditEventEntity, { ...event, hash: hashOf(event) });
}
