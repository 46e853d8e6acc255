import { AuditEventEntity, type Database } from '#database';
import { type Actor, type AuditChange, appendAudit } from '../append-audit.js';

export const AT_MS = 1_795_514_400_123;

export const ADA: Actor = { kind: 'account', id: 'account-1', name: 'ada@example.org', from: '192.0.2.7' };

export function buildChange(changes: Partial<AuditChange> = {}): AuditChange {
  return {
    actor: ADA,
    action: 'token.create',
    target: { kind: 'token', id: 'token-1', name: 'ci' },
    after: { name: 'ci', scopes: ['encode'] },
    ...changes,
  };
}

/** Each change in a transaction of its own, a second after the one before. */
export async function append(database: Database, ...changes: readonly Partial<AuditChange>[]): Promise<void> {
  for (const [index, change] of changes.entries()) {
    await database.transaction((manager) => appendAudit(manager, buildChange(change), AT_MS + index * 1000));
  }
}

export async function appendMany(database: Database, count: number): Promise<void> {
  const changes = Array.from({ length: count }, (_, index) => ({ action: `step.${index + 1}` }));
  await append(database, ...changes);
}

export function storedEvents(database: Database): Promise<AuditEventEntity[]> {
  return database.read((manager) => manager.find(AuditEventEntity, { order: { seq: 'ASC' } }));
}

/** What somebody can do who owns the database: takes the triggers away, then runs the statements. */
export function tamper(database: Database, ...statements: readonly string[]): Promise<void> {
  const drops =
    database.dialect === 'postgres'
      ? ['DROP TRIGGER audit_event_append_only ON audit_event']
      : ['no_delete', 'no_update', 'no_replace'].map((name) => `DROP TRIGGER audit_event_${name}`);
  return database.transaction(async (manager) => {
    for (const statement of [...drops, ...statements]) await manager.query(statement);
  });
}
