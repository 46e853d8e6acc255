import { AuditEventEntity, currentChange, type Database } from '#database';
import { AUDIT_COUNTER } from './append-audit.js';
import { AuditChain, fault, GENESIS, type AuditHead, type AuditVerdict } from './audit-chain.js';
import { recordOf } from './audit-record.js';
import { auditEvents } from './export-audit.js';

export interface VerifyOptions {
  /** An event that was kept before, such as the head of an earlier check. It must be there and unchanged. */
  readonly expectedHead?: AuditHead | undefined;
}

/** How the trail in a database is checked. */
export interface VerifyStoredOptions extends VerifyOptions {
  /**
   * The head of an earlier check, after which the trail is read: what came before costs nothing then, and a change of
   * it is not seen but for that one event.
   */
  readonly since?: AuditHead | undefined;
}

/**
 * Checks the whole trail in the database, also while it grows: every event gives its hash and holds the hash of the one
 * before, none is missing between them, and the last one has the number that was given out last. The owner of the
 * database could write a whole new chain, or cut the tail and the counter with it; only a head that was kept elsewhere
 * shows that.
 */
export async function verifyAudit(
  database: Database,
  { expectedHead: expected, since: start = GENESIS }: VerifyStoredOptions = {},
): Promise<AuditVerdict> {
  const countedBefore = await counted(database);
  if (start.seq > 0 && (await hashAt(database, start.seq)) !== start.hash) return fault(start.seq, OTHER_THAN_CHECKED);
  const chain = new AuditChain({ start, expected });
  for await (const event of auditEvents(database, start.seq)) {
    const found = chain.next(event);
    if (found !== undefined) return found;
  }
  const verdict = chain.end();
  if (!verdict.ok) return verdict;
  const { seq } = verdict.head;
  if (seq < countedBefore) return fault(seq + 1, `events were cut from the end: ${countedBefore} were written`);
  const countedAfter = await counted(database);
  return seq > countedAfter ? fault(countedAfter + 1, 'it was never counted: events were put in at the end') : verdict;
}

/**
 * Checks an exported trail. The export of a part may begin with any event, as `firstSeq` of the verdict tells. Only
 * `expectedHead` can show that nothing is missing before it or after its last event.
 *
 * @param lines without their line breaks; empty ones are skipped
 */
export async function verifyAuditLines(
  lines: AsyncIterable<string> | Iterable<string>,
  { expectedHead: expected }: VerifyOptions = {},
): Promise<AuditVerdict> {
  const chain = new AuditChain({ expected });
  let lineNumber = 0;
  let lastSeq = 0;
  for await (const line of lines) {
    lineNumber += 1;
    if (line.trim() === '') continue;
    const record = recordOf(line);
    if (record === undefined) return fault(lastSeq + 1, `line ${lineNumber} is not an audit event`);
    if (lastSeq === 0 && record.seq === 1 && record.previousHash !== GENESIS.hash) {
      return fault(1, 'it is said to be the first, yet another one comes before it');
    }
    const found = chain.next(record);
    if (found !== undefined) return found;
    lastSeq = record.seq;
  }
  return chain.end();
}

const OTHER_THAN_CHECKED = 'it is not the one that was checked before: it was changed or taken out';

async function hashAt(database: Database, seq: number): Promise<string | undefined> {
  const event = await database.read((manager) =>
    manager.findOne(AuditEventEntity, { where: { seq }, select: { hash: true } }),
  );
  return event?.hash;
}

function counted(database: Database): Promise<number> {
  return database.read((manager) => currentChange(manager, AUDIT_COUNTER));
}
