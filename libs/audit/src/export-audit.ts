import { LessThanOrEqual, MoreThanOrEqual, MoreThan } from 'typeorm';
import { AuditEventEntity, type Database } from '#database';
import { lineOf } from './audit-record.js';

/** A span of time in milliseconds since 1970, both ends included; undefined = open. */
export interface AuditSpan {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/**
 * Gives the trail as JSON Lines, the oldest event first; every text is one line with its line break. With a span it
 * gives the first event at or after its start, the last at or before its end, and all between them: a part is then a
 * chain without gaps even where the clocks of several machines differ. It reads page by page as fast as it is consumed;
 * to stop, end the iteration.
 *
 * @example for await (const line of exportAudit(database)) file.write(line);
 */
export async function* exportAudit(database: Database, { fromMs, toMs }: AuditSpan = {}): AsyncGenerator<string> {
  const first = fromMs === undefined ? 1 : await edge(database, { atMs: MoreThanOrEqual(fromMs) }, 'ASC');
  const last = toMs === undefined ? Infinity : await edge(database, { atMs: LessThanOrEqual(toMs) }, 'DESC');
  if (first === undefined || last === undefined) return;
  for await (const event of auditEvents(database, first - 1)) {
    if (event.seq > last) return;
    yield `${lineOf(event)}\n`;
  }
}

async function edge(
  database: Database,
  where: { atMs: ReturnType<typeof MoreThanOrEqual<number>> },
  direction: 'ASC' | 'DESC',
): Promise<number | undefined> {
  const found = await database.read((manager) =>
    manager.findOne(AuditEventEntity, { where, order: { seq: direction }, select: { seq: true } }),
  );
  return found?.seq;
}

/** Each page is a query of its own: a long trail neither fills the memory nor holds up the writers. */
const PAGE_EVENTS = 200;

/** Gives the events after number `afterSeq`, the oldest first, up to the last one that exists when it gets there. */
export async function* auditEvents(database: Database, afterSeq = 0): AsyncGenerator<AuditEventEntity> {
  for (let last = afterSeq; ;) {
    const where = { seq: MoreThan(last) };
    const page = await database.read((manager) =>
      manager.find(AuditEventEntity, { where, order: { seq: 'ASC' }, take: PAGE_EVENTS }),
    );
    yield* page;
    if (page.length < PAGE_EVENTS) return;
    last = page.at(-1)?.seq ?? last;
  }
}
