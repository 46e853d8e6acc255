import { AuditEventEntity, currentChange, type Database } from '#database';
import { AUDIT_COUNTER } from './append-audit.js';
import { AuditChain, fault, GENESIS, type AuditFault, type AuditHead, type AuditVerdict } from './audit-chain.js';
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

/** What one step of a check found, and how far it came: its head is where the next step begins. */
export type StepVerdict = AuditFault | (Extract<AuditVerdict, { ok: true }> & AuditProgress);

/** How far a check came. */
export interface AuditProgress {
  /** Whether the last event has been read. */
  readonly isEnd: boolean;
  /** The number of the last event that was written. */
  readonly total: number;
}

/**
 * Checks the whole trail in the database, also while it grows: every event gives its hash and holds the hash of the one
 * before, none is missing between them, and the last one has the number that was given out last. The owner of the
 * database could write a whole new chain, or cut the tail and the counter with it; only a head that was kept elsewhere
 * shows that.
 */
export async function verifyAudit(
  database: Database,
  { expectedHead, since = GENESIS }: VerifyStoredOptions = {},
): Promise<AuditVerdict> {
  const verdict = await verifySome(database, { expectedHead, since, eventsMax: Infinity });
  if (!verdict.ok) return verdict;
  const { isEnd: _, total: __, ...whole } = verdict;
  return whole;
}

/**
 * Checks the next events of the trail, so that a long check shows how far it is. It is `verifyAudit` where it reads all
 * that are left.
 *
 * @param options.since the head of the step before; undefined = from the first event
 */
export function verifyAuditStep(
  database: Database,
  { since = GENESIS, eventsMax }: { readonly since?: AuditHead | undefined; readonly eventsMax: number },
): Promise<StepVerdict> {
  return verifySome(database, { since, eventsMax });
}

async function verifySome(
  database: Database,
  options: { expectedHead?: AuditHead | undefined; since: AuditHead; eventsMax: number },
): Promise<StepVerdict> {
  const { expectedHead: expected, since: start, eventsMax } = options;
  const countedBefore = await counted(database);
  if (start.seq > 0 && (await hashAt(database, start.seq)) !== start.hash) return fault(start.seq, OTHER_THAN_CHECKED);
  const chain = new AuditChain({ start, expected });
  const endSeq = start.seq + eventsMax;
  for await (const event of auditEvents(database, start.seq)) {
    const found = chain.next(event);
    if (found !== undefined) return found;
    if (event.seq >= endSeq && event.seq < countedBefore) {
      return { ...chain.sofar(), isEnd: false, total: countedBefore };
    }
  }
  const verdict = chain.end();
  if (!verdict.ok) return verdict;
  const { seq } = verdict.head;
  if (seq < countedBefore) return fault(seq + 1, `events were cut from the end: ${countedBefore} were written`);
  const countedAfter = await counted(database);
  if (seq > countedAfter) return fault(countedAfter + 1, 'it was never counted: events were put in at the end');
  return { ...verdict, isEnd: true, total: countedAfter };
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
