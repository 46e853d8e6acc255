import { expect, it } from 'vitest';
import { listAudit } from '#audit';
import { ManualClock } from '#core';
import type { Database } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { LogLevelStore } from './log-level-store.js';
import { LogLevels } from './log-levels.js';

const ANN = { kind: 'account', id: 'ann', name: 'ann@example.com', from: '192.0.2.1' } as const;

/** A process that logs at `level` as its settings say, and what it has told in its log. */
function processOn(database: Database, clock: ManualClock, level = 'info') {
  const told: string[] = [];
  const log = {
    level,
    isLevelEnabled: () => log.level !== 'error' && log.level !== 'silent',
    info: (fields: unknown) => void told.push(JSON.stringify(fields)),
  };
  const levels = new LogLevels({ store: new LogLevelStore({ database, clock }), log, clock });
  return { log, levels, told };
}

onEachDatabase((databases) => {
  it('a level is in force in every process, and goes back by itself to what the settings of each say', async () => {
    const options = await databases.options();
    const clock = new ManualClock();
    const one = processOn(await databases.open(options), clock);
    const other = processOn(await databases.open(options), clock, 'error');
    await Promise.all([one.levels.start(), other.levels.start()]);
    expect(await one.levels.set(ANN, 'debug', 60)).toEqual({ level: 'debug', settings: 'info', untilMs: 60_000 });
    expect(one.log.level).toBe('debug');
    clock.advance(2_000);
    await expect.poll(() => other.log.level).toBe('debug');
    expect(other.levels.now()).toEqual({ level: 'debug', settings: 'error', untilMs: 60_000 });
    clock.advance(58_000);
    expect([one.log.level, other.log.level]).toEqual(['info', 'error']);
    expect(one.levels.now()).toEqual({ level: 'info', settings: 'info', untilMs: null });
    for (const { told } of [one, other]) expect(told).toHaveLength(2);
    await Promise.all([one.levels.stop(), other.levels.stop()]);
  });

  it('holds in a process that starts meanwhile, for as long as is left, and 15 minutes where nobody says how long', async () => {
    const database = await databases.open();
    const clock = new ManualClock();
    await new LogLevelStore({ database, clock }).set(ANN, 'trace');
    clock.advance(14 * 60_000);
    const late = processOn(database, clock);
    await late.levels.start();
    expect(late.log.level).toBe('trace');
    clock.advance(60_000);
    expect(late.log.level).toBe('info');
    const later = processOn(database, clock);
    await later.levels.start();
    expect(later.log.level).toBe('info');
    await Promise.all([late.levels.stop(), later.levels.stop()]);
  });

  it('can be ended early; who did what is in the audit trail', async () => {
    const database = await databases.open();
    const clock = new ManualClock();
    const { levels, log } = processOn(database, clock);
    await levels.set(ANN, 'silent', 3_600);
    expect(log.level).toBe('silent');
    expect(await levels.reset(ANN)).toEqual({ level: 'info', settings: 'info', untilMs: null });
    expect(log.level).toBe('info');
    await levels.reset(ANN);
    const { events } = await listAudit(database, { action: 'log-level.' });
    expect(events.map(({ action, actor, before, after }) => [action, actor.name, before, after])).toEqual([
      ['log-level.reset', 'ann@example.com', { level: 'silent', untilMs: 3_600_000 }, null],
      ['log-level.set', 'ann@example.com', null, { level: 'silent', untilMs: 3_600_000 }],
    ]);
  });
});
