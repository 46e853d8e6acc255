import type { Actor } from '#audit';
import { appendAudit } from '#audit';
import type { Clock, InputItem } from '#core';
import { AccessTokenEntity, type Database, StoredRequestEntity } from '#database';
import { In, IsNull, Not, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { inputsOfRow } from './stored-input.js';

/** Rows that one call removes in a transaction. */
const ROWS_PER_DELETE = 200;
/** Most requests under one trace or request id that are looked at. */
const BY_ID_MAX = 100;

/** What a request sent to be encoded. */
export interface StoredInput {
  readonly id: string;
  readonly traceId: string;
  readonly requestId: string;
  readonly principalId: string;
  readonly operation: string;
  readonly model: string;
  readonly startedAtMs: number;
  readonly items: readonly InputItem[];
}

/** How much is stored. */
export interface StoredCounts {
  readonly requests: number;
  readonly bytes: number;
  /** When the oldest began; undefined when there are none. */
  readonly sinceMs: number | undefined;
}

/**
 * Inputs of requests whose tokens have them stored. `principalIds` are the tokens that may be looked at; undefined =
 * all.
 */
export class StoredInputs {
  constructor(private readonly options: { readonly database: Database; readonly clock: Clock }) {}

  /** Writes them, but for tokens that have ended or opted out meanwhile. */
  async write(rows: readonly StoredRequestEntity[]): Promise<void> {
    await this.options.database.transaction(async (manager) => {
      const ids = [...new Set(rows.map(({ principalId }) => principalId))];
      const willing = await manager.find(AccessTokenEntity, {
        select: { id: true },
        where: { id: In(ids), storesInputs: 1, revokedAtMs: IsNull() },
      });
      const wanted = rows.filter(({ principalId }) => willing.some(({ id }) => id === principalId));
      if (wanted.length === 0) return;
      const insert = manager.createQueryBuilder().insert().into(StoredRequestEntity).values(wanted);
      await insert.orIgnore().updateEntity(false).execute();
    });
  }

  /** The newest under a trace id, else under a request id, and notes in the audit trail who has read it. */
  async read(actor: Actor, id: string, principalIds?: readonly string[]): Promise<StoredInput | undefined> {
    return this.options.database.transaction(async (manager) => {
      const [row] = await this.find(manager, id, principalIds);
      if (row === undefined) return undefined;
      await this.audit(manager, actor, 'stored_request.read', row);
      return { ...row, items: inputsOfRow(row) };
    });
  }

  /** Removes what is stored under an id; answers how many it were. */
  async remove(actor: Actor, id: string, principalIds?: readonly string[]): Promise<number> {
    return this.options.database.transaction(async (manager) => {
      const rows = await this.find(manager, id, principalIds);
      if (rows.length === 0) return 0;
      await manager.delete(StoredRequestEntity, { id: In(rows.map((row) => row.id)) });
      for (const row of rows) await this.audit(manager, actor, 'stored_request.delete', row);
      return rows.length;
    });
  }

  /** Removes all of a token, and answers how many it were. */
  async removeAllOf(actor: Actor, token: { readonly id: string; readonly name: string }): Promise<number> {
    const { database, clock } = this.options;
    let removed = 0;
    for (let more = ROWS_PER_DELETE; more === ROWS_PER_DELETE; removed += more) {
      more = await database.transaction(async (manager) => {
        const where = { principalId: token.id };
        const rows = await manager.find(StoredRequestEntity, { select: { id: true }, where, take: ROWS_PER_DELETE });
        if (rows.length > 0) await manager.delete(StoredRequestEntity, { id: In(rows.map(({ id }) => id)) });
        return rows.length;
      });
    }
    if (removed > 0) {
      await database.transaction((manager) =>
        appendAudit(
          manager,
          { actor, action: 'stored_request.delete_all', target: { kind: 'token', ...token }, after: { removed } },
          clock.wallMs(),
        ),
      );
    }
    return removed;
  }

  /** How much is stored, of an index alone. */
  async counts(principalIds?: readonly string[]): Promise<StoredCounts> {
    if (principalIds?.length === 0) return { requests: 0, bytes: 0, sinceMs: undefined };
    return this.options.database.read(async (manager) => {
      const rows = manager
        .createQueryBuilder(StoredRequestEntity, 'row')
        .select('COUNT(*)', 'requests')
        .addSelect('SUM(row.bytes)', 'bytes')
        .addSelect('MIN(row.startedAtMs)', 'since');
      if (principalIds) rows.where('row.principalId IN (:...principalIds)', { principalIds });
      const found = await rows.getRawOne<Record<string, string | number | null>>();
      const since = found?.['since'] ?? undefined;
      return {
        requests: Number(found?.['requests'] ?? 0),
        bytes: Number(found?.['bytes'] ?? 0),
        sinceMs: since === undefined ? undefined : Number(since),
      };
    });
  }

  private async find(
    manager: EntityManager,
    id: string,
    principalIds: readonly string[] | undefined,
  ): Promise<StoredRequestEntity[]> {
    const whose = principalIds === undefined ? { principalId: Not('') } : { principalId: In(principalIds) };
    const read = (where: FindOptionsWhere<StoredRequestEntity>) =>
      manager.find(StoredRequestEntity, {
        where: { ...where, ...whose },
        order: { startedAtMs: 'DESC' },
        take: BY_ID_MAX,
      });
    const ofTrace = await read({ traceId: id });
    return ofTrace.length > 0 ? ofTrace : read({ requestId: id });
  }

  private audit(
    manager: EntityManager,
    actor: Actor,
    action: string,
    { traceId, requestId, principalId, items, bytes }: StoredRequestEntity,
  ): Promise<void> {
    const target = { kind: 'request', id: traceId, name: requestId };
    return appendAudit(
      manager,
      { actor, action, target, after: { principalId, items, bytes } },
      this.options.clock.wallMs(),
    );
  }
}
