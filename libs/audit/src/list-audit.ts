import { AuditEventEntity, currentChange, type Database } from '#database';
import { conditionOf, type AuditTerm } from './audit-terms.js';
import { AUDIT_COUNTER, type AuditTarget } from './append-audit.js';

export const AUDIT_PAGE_EVENTS = 50;
export const AUDIT_PAGE_EVENTS_MAX = 500;

/**
 * Events that one page looks through. SQLite holds up the whole process while it looks, and no index finds a part of a
 * name.
 */
const LOOKED_THROUGH_MAX = 20_000;

/** Which events to show. A filter that is left out does not narrow. */
export interface AuditQuery {
  /** The id or the name of who made the change. */
  readonly actor?: string | undefined;
  /** An action or the beginning of one: `token.` is all that was done to tokens. */
  readonly action?: string | undefined;
  /** The id or the name of what was changed. */
  readonly target?: string | undefined;
  /** A part of a name, an action or an address, in any case. */
  readonly text?: string | undefined;
  /** Conditions beside these, which all hold. */
  readonly terms?: readonly AuditTerm[] | undefined;
  /** Milliseconds since 1970, both ends included. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only events with a lower number: `cursor` of the page before. */
  readonly cursor?: number | undefined;
  /** Events of a page, 1 to AUDIT_PAGE_EVENTS_MAX; default AUDIT_PAGE_EVENTS. */
  readonly limit?: number | undefined;
}

/** An event as people read it. */
export interface AuditEvent {
  readonly seq: number;
  readonly atMs: number;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string; readonly from: string | null };
  readonly action: string;
  readonly target: AuditTarget;
  /** Parsed; null for none. One that was too long is `{chars, cut}`. */
  readonly before: unknown;
  readonly after: unknown;
  readonly hash: string;
}

export interface AuditPage {
  readonly events: AuditEvent[];
  /**
   * For the next page; null = this was the last. A page may have fewer events than were asked for, or none, and go on:
   * it looks through 20,000 of them.
   */
  readonly cursor: number | null;
}

/** Reads a page of the trail, the newest event first. It checks no hash: `verifyAudit` does. */
export async function listAudit(database: Database, query: AuditQuery = {}): Promise<AuditPage> {
  const limit = Math.min(query.limit ?? AUDIT_PAGE_EVENTS, AUDIT_PAGE_EVENTS_MAX);
  const last = await database.read((manager) => currentChange(manager, AUDIT_COUNTER));
  // A number that no event has yet would be looked below for ever.
  const below = Math.min(query.cursor ?? Number.POSITIVE_INFINITY, last + 1);
  const lowest = Math.max(1, below - LOOKED_THROUGH_MAX);
  const rows = await database.read((manager) => {
    const rows = manager
      .createQueryBuilder(AuditEventEntity, 'event')
      .where('event.seq >= :lowest', { lowest })
      .orderBy('event.seq', 'DESC')
      .take(limit + 1);
    for (const [condition, values] of conditionsOf(query)) rows.andWhere(condition, values);
    return rows.getMany();
  });
  const events = rows.slice(0, limit).map(eventOf);
  if (rows.length > limit) return { events, cursor: events.at(-1)?.seq ?? null };
  return { events, cursor: lowest > 1 ? lowest : null };
}

function conditionsOf(query: AuditQuery): [string, Record<string, unknown>][] {
  const { fromMs, toMs, cursor, terms = [] } = query;
  const given = (['actor', 'action', 'target', 'text'] as const).flatMap((key) => {
    const value = query[key];
    return value === undefined ? [] : [{ key, not: false, any: [value] }];
  });
  const bounds: [unknown, string, Record<string, unknown>][] = [
    [fromMs, 'event.atMs >= :fromMs', { fromMs }],
    [toMs, 'event.atMs <= :toMs', { toMs }],
    [cursor, 'event.seq < :cursor', { cursor }],
  ];
  return [
    ...[...given, ...terms].map(conditionOf),
    ...bounds.filter(([bound]) => bound !== undefined).map(([, ...condition]) => condition),
  ];
}

function eventOf(row: AuditEventEntity): AuditEvent {
  const { seq, atMs, action, hash } = row;
  return {
    ...{ seq, atMs, action, hash },
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName, from: row.fromAddress },
    target: { kind: row.targetKind, id: row.targetId, name: row.targetName },
    before: valueOf(row.before),
    after: valueOf(row.after),
  };
}

/** A value that somebody wrote past this program may be no JSON; it is shown as it is. */
function valueOf(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
