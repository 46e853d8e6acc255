import { MoreThan } from 'typeorm';
import { z } from 'zod';
import { appendAudit, type Actor } from '#audit';
import { LEVEL_SECONDS, LEVEL_SECONDS_MAX, LOG_LEVELS, parseJson, type Clock, type LogLevel } from '#core';
import { AuditEventEntity, currentChange, nextChange, type Database } from '#database';

/** A level that somebody asked for. */
export interface LogLevelChange {
  readonly level: LogLevel;
  /** When every process goes back to the level of its settings, in milliseconds since 1970. */
  readonly untilMs: number;
}

const COUNTER = 'log_level';
const TARGET = { kind: 'log', id: 'log-level', name: 'log level' };

/**
 * The log level that is in force for a while in every process on the database. It lies in the audit trail: the newest
 * event about it is what is in force, and nothing needs to be removed when it has ended. The counter tells the
 * processes that there is something new.
 */
export class LogLevelStore {
  constructor(private readonly parts: { readonly database: Database; readonly clock: Clock }) {}

  /** A number that grows with every change. */
  changes(): Promise<number> {
    return this.parts.database.read((manager) => currentChange(manager, COUNTER));
  }

  /** What is in force; undefined while all processes log as their settings say. */
  async current(): Promise<LogLevelChange | undefined> {
    const nowMs = this.parts.clock.wallMs();
    const where = { targetId: TARGET.id, targetKind: TARGET.kind, atMs: MoreThan(nowMs - LEVEL_SECONDS_MAX * 1000) };
    const newest = await this.parts.database.read((manager) =>
      manager.findOne(AuditEventEntity, { where, order: { seq: 'DESC' } }),
    );
    const change = storedChange.safeParse(parseJson(newest?.after ?? '')).data;
    return change && change.untilMs > nowMs ? change : undefined;
  }

  /** Puts `level` in force for `seconds`, which the caller has checked. */
  async set(actor: Actor, level: LogLevel, seconds = LEVEL_SECONDS): Promise<void> {
    const after = { level, untilMs: this.parts.clock.wallMs() + seconds * 1000 };
    await this.write(actor, 'log-level.set', { before: await this.current(), after });
  }

  /** Ends what is in force; does nothing when nothing is. */
  async reset(actor: Actor): Promise<void> {
    const before = await this.current();
    if (before) await this.write(actor, 'log-level.reset', { before, after: undefined });
  }

  private async write(
    actor: Actor,
    action: string,
    change: Record<'before' | 'after', LogLevelChange | undefined>,
  ): Promise<void> {
    await this.parts.database.transaction(async (manager) => {
      await nextChange(manager, COUNTER);
      await appendAudit(manager, { actor, action, target: TARGET, ...change }, this.parts.clock.wallMs());
    });
  }
}

const storedChange = z.object({ level: z.enum(LOG_LEVELS), untilMs: z.int() });
