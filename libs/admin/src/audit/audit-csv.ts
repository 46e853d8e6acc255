import { AUDIT_PAGE_EVENTS_MAX, listAudit, type AuditQuery } from '#audit';
import type { Database } from '#database';
import type { CsvCell } from '../http/csv.js';

/** Rows of one file: more than a spreadsheet shows well. */
const ROWS_MAX = 100_000;

export const AUDIT_HEADING = [
  ...['number', 'time', 'actorKind', 'actor', 'actorId', 'from', 'action', 'targetKind', 'target', 'targetId'],
  ...['before', 'after'],
];

/** The events that a filter finds, the newest first, read page by page as fast as they are taken. */
export async function* auditRows(database: Database, query: AuditQuery): AsyncGenerator<CsvCell[]> {
  let rows = 0;
  for (let cursor = query.cursor; ;) {
    const page = await listAudit(database, { ...query, cursor, limit: AUDIT_PAGE_EVENTS_MAX });
    for (const { seq, atMs, actor, action, target, before, after } of page.events) {
      yield [
        ...[seq, new Date(atMs).toISOString(), actor.kind, actor.name, actor.id, actor.from, action],
        ...[target.kind, target.name, target.id, jsonOf(before), jsonOf(after)],
      ];
      rows += 1;
      if (rows >= ROWS_MAX) return;
    }
    if (page.cursor === null) return;
    cursor = page.cursor;
  }
}

function jsonOf(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
