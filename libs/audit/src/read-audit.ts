import { MoreThan } from 'typeorm';
import { AuditEventEntity, type Database } from '#database';

/** Each page is a query of its own: a long trail neither fills the memory nor holds up the writers. */
const PAGE_EVENTS = 200;

/** The events after number `afterSeq`, the oldest first, up to the last one there is when it gets there. */
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
