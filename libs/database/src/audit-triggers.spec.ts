import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../test/support/databases.js';
import type { Database } from './database.js';
import { AuditEventEntity } from './entities/index.js';
import { buildAuditEvent } from './testing/rows.js';

onEachDatabase((databases) => {
  const refused = [
    "UPDATE audit_event SET actor_name = 'Somebody else'",
    'DELETE FROM audit_event',
    ...(databases.dialect === 'postgres'
      ? ['TRUNCATE audit_event']
      : [`INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event`]),
  ];

  it.each(refused)('refuses to change an audit event: %s', async (statement) => {
    const database = await databases.open();
    await database.transaction((manager) => manager.insert(AuditEventEntity, buildAuditEvent()));
    await expect(run(database, statement)).rejects.toThrow('audit events are append-only');
    expect(await database.read((manager) => manager.find(AuditEventEntity))).toEqual([buildAuditEvent()]);
  });

  it('still appends', async () => {
    const database = await databases.open();
    for (const seq of [1, 2]) {
      await database.transaction((manager) => manager.insert(AuditEventEntity, buildAuditEvent({ seq })));
    }
    expect(await database.read((manager) => manager.count(AuditEventEntity))).toBe(2);
  });
});

function run(database: Database, statement: string): Promise<unknown> {
  return database.transaction((manager) => manager.query(statement));
}
