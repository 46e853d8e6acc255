import { type Database, UsageDayEntity, UsageHourEntity, forUpdate, nextChange } from '#database';
import { type EntityManager, LessThan } from 'typeorm';
import { DAY_MS, startOf, type UsageEvent } from './usage.js';

/** Use of one model by one principal in one hour, over one protocol and with one end. */
export interface HourOfUsage extends UsageEvent {
  readonly hourStartMs: number;
}

/** Raised with every write, so that pages notice. */
const USAGE_COUNTER = 'usage';

const PERIODS = {
  usage_hour: 'hour_start_ms',
  usage_day: 'day_start_ms',
} as const;

/** One transaction's rows: other writers wait for it. */
const ROLL_UP_ROWS = 500;

/** Writes usage to the database. */
export class UsageStore {
  constructor(private readonly database: Database) {}

  /** Adds the counts to those in the database, all or none. */
  async add(rows: readonly HourOfUsage[]): Promise<void> {
    await this.database.transaction(async (manager) => {
      for (const row of inOrder(rows)) await this.addRow(manager, 'usage_hour', row, row.hourStartMs);
      await nextChange(manager, USAGE_COUNTER);
    });
  }

  /**
   * Moves up to 500 hours that began before `beforeMs` into their days, and returns how many. Several processes may do
   * so at once.
   */
  async rollUpSome(beforeMs: number): Promise<number> {
    return this.database.transaction(async (manager) => {
      const hours = await manager.find(UsageHourEntity, {
        where: { hourStartMs: LessThan(beforeMs) },
        order: { principalId: 'ASC', model: 'ASC', protocol: 'ASC', outcome: 'ASC', hourStartMs: 'ASC' },
        take: ROLL_UP_ROWS,
        ...forUpdate(manager),
      });
      for (const hour of hours) {
        const { principalId, model, protocol, outcome, hourStartMs } = hour;
        await this.addRow(manager, 'usage_day', hour, startOf(hourStartMs, DAY_MS));
        await manager.delete(UsageHourEntity, { principalId, model, protocol, outcome, hourStartMs });
      }
      return hours.length;
    });
  }

  /** Removes days that began before `beforeMs`. */
  async forgetDays(beforeMs: number): Promise<void> {
    await this.database.transaction((manager) => manager.delete(UsageDayEntity, { dayStartMs: LessThan(beforeMs) }));
  }

  private async addRow(manager: EntityManager, table: keyof typeof PERIODS, row: UsageEvent, startMs: number) {
    const period = PERIODS[table];
    const key = `principal_id, model, protocol, outcome, ${period}`;
    const ofKey = [row.principalId, row.model, row.protocol, row.outcome, startMs];
    const values = [...ofKey, row.requests, row.items, row.refused, row.denied];
    const marks = values.map((_, at) => (this.database.dialect === 'postgres' ? `$${at + 1}` : '?')).join(', ');
    await manager.query(
      `INSERT INTO ${table} (${key}, requests, items, refused, denied) VALUES (${marks})
       ON CONFLICT (${key}) DO UPDATE SET requests = ${table}.requests + excluded.requests,
       items = ${table}.items + excluded.items, refused = ${table}.refused + excluded.refused,
       denied = ${table}.denied + excluded.denied`,
      values,
    );
  }
}

/** Every process locks rows in the same order, so that none waits for another in a circle. */
function inOrder(rows: readonly HourOfUsage[]): HourOfUsage[] {
  const key = (row: HourOfUsage): string =>
    JSON.stringify([row.principalId, row.model, row.protocol, row.outcome, row.hourStartMs]);
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
