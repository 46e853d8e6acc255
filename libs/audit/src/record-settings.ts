import { AuditEventEntity, nextChange, type Database } from '#database';
import { type Actor, appendAudit, valueText } from './append-audit.js';

/**
 * Records the settings in force when they differ from those that were recorded last.
 *
 * @param settings by name, secrets already replaced
 */
export async function recordSettings(
  database: Database,
  actor: Actor,
  settings: Record<string, unknown>,
  atMs: number,
): Promise<void> {
  const target = { kind: 'settings', id: 'settings', name: 'settings' };
  const action = 'settings.change';
  await database.transaction(async (manager) => {
    // Its lock makes processes that start together record once: the others wait here, then find the record.
    await nextChange(manager, 'settings');
    const where = { action, targetId: target.id };
    const last = await manager.findOne(AuditEventEntity, { where, order: { seq: 'DESC' } });
    if (last?.after === valueText(settings)) return;
    const before: unknown = last?.after == null ? undefined : JSON.parse(last.after);
    await appendAudit(manager, { actor, action, target, before, after: settings }, atMs);
  });
}
