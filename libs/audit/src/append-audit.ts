import type { EntityManager } from 'typeorm';
import { AuditEventEntity, nextChange } from '#database';
import { GENESIS_HASH, hashOf, canonicalJson } from './audit-record.js';

/** Who made a change. */
export interface Actor {
  /**
   * `account` = a person in the console, `token` = an access token, `host` = a user of the machine, `system` = the
   * service itself.
   */
  readonly kind: 'account' | 'token' | 'system' | 'host';
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** The address that the change came from; null where there is none. */
  readonly from: string | null;
}

/** What was changed. */
export interface AuditTarget {
  /** `token`, `account`, `settings`, … */
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** One change, as its maker describes it. `before` and `after` never hold a secret or a digest of one. */
export interface AuditChange {
  readonly actor: Actor;
  /** What was done, `token.create`, `account.role`, … */
  readonly action: string;
  readonly target: AuditTarget;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The counter that numbers events; its value is the number of the last one. */
export const AUDIT_COUNTER = 'audit';

/**
 * Records a change inside the very transaction that makes it, so that neither exists without the other. Events are
 * chained by hash. The row lock of the counter makes writers wait for one another, so the chain has no branches.
 *
 * @example await appendAudit(manager, { actor, action: 'token.create', target, after: record }, clock.wallMs());
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

/** Most characters (UTF-16 code units) of `before` or `after`. */
export const VALUE_CHARS_MAX = 16_384;

const CUT_CHARS = VALUE_CHARS_MAX / 4;

/**
 * The value in the form that an event keeps: its canonical JSON; null for none. A longer one than VALUE_CHARS_MAX is
 * kept as `{"chars": <its length>, "cut": "<its first 4096 characters>"}`.
 */
export function valueText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = canonicalJson(value);
  if (text.length <= VALUE_CHARS_MAX) return text;
  return canonicalJson({ cut: text.slice(0, CUT_CHARS), chars: text.length });
}

/**
 * A name or id in the form that an event keeps: at most so long, without what a database would refuse (NUL) or change
 * (half a character), since the hash is taken before the event is stored.
 */
function plainText(text: string, charsMax: number): string {
  return text.slice(0, charsMax).toWellFormed().replaceAll('\0', '\u{fffd}');
}
