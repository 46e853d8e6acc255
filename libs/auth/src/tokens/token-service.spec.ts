import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { INFERENCE_SCOPES, ManualClock } from '#core';
import { AccessTokenEntity, AccountEntity, AuditEventEntity, currentChange, type Database } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { heldTransaction, lockWaits } from '../testing/lock-waits.js';
import { TokenService } from './token-service.js';
import { TokenUses } from './token-uses.js';

const actor = { kind: 'host', id: 'operator', name: 'operator', from: '127.0.0.1' } as const;
const DAY_MS = 86_400_000;

onEachDatabase((databases) => {
  async function build() {
    const options = await databases.options();
    const database = await databases.open(options);
    const clock = new ManualClock();
    const service = new TokenService({ database, clock });
    const events = () => database.read((manager) => manager.find(AuditEventEntity, { order: { seq: 'ASC' } }));
    const changes = () => database.read((manager) => currentChange(manager, 'tokens'));
    return { options, database, clock, service, events, changes };
  }

  describe('TokenService', () => {
    it('gives what nobody asks for by default: inference, every model, no limits', async () => {
      const { service } = await build();
      const { token, record } = await service.create(actor, { name: 'ci', expiresInDays: 30 });
      expect(record).toMatchObject({
        ...{ name: 'ci', scopes: INFERENCE_SCOPES, models: null, limits: {}, ownerId: null, createdBy: 'operator' },
        ...{ expiresAtMs: 30 * DAY_MS, revokedAtMs: null, graceUntilMs: null, status: 'active', lastUsed: null },
      });
      expect(token.startsWith(record.publicPart)).toBe(true);
      expect(await service.get(record.id)).toEqual(record);
    });

    it('refuses a wrong spec before it writes anything', async () => {
      const { service, changes } = await build();
      const creating = service.create(actor, { name: '', expiresInDays: 1 });
      await expect(creating).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(await changes()).toBe(0);
    });

    it('tells the trail and the caches of every change, and neither of one that failed', async () => {
      const { service, events, changes } = await build();
      const { record } = await service.create(actor, { name: 'ci', expiresInDays: 1 });
      await service.update(actor, record.id, { name: 'nightly' });
      await service.rotate(actor, record.id, { graceMs: 0 });
      await service.revoke(actor, record.id);
      await expect(service.update(actor, record.id, { name: 'again' })).rejects.toMatchObject({ code: 'conflict' });
      await expect(service.revoke(actor, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
      const actions = (await events()).map((event) => event.action);
      expect(actions).toEqual(['token.create', 'token.update', 'token.rotate', 'token.revoke']);
      expect(await changes()).toBe(4);
    });

    it('changes only what is given', async () => {
      const { service } = await build();
      const limits = { requestsPerMinute: 5 };
      const { record } = await service.create(actor, { name: 'ci', expiresInDays: 1, models: ['m'], limits });
      const updated = await service.update(actor, record.id, { scopes: ['rank'] });
      expect(updated).toEqual({ ...record, scopes: ['rank'] });
      expect((await service.update(actor, record.id, { models: null })).models).toBeNull();
    });

    it('revokes once: the second time nothing happens', async () => {
      const { service, clock, changes } = await build();
      const { record } = await service.create(actor, { name: 'ci', expiresInDays: 1 });
      const first = await service.revoke(actor, record.id);
      clock.advance(5);
      expect(await service.revoke(actor, record.id)).toEqual(first);
      expect(await changes()).toBe(2);
    });

    it('rotates no token that has ended, and for no longer than a week', async () => {
      const { service, clock } = await build();
      const { record } = await service.create(actor, { name: 'ci', expiresInDays: 1 });
      const forTooLong = service.rotate(actor, record.id, { graceMs: 8 * DAY_MS });
      await expect(forTooLong).rejects.toMatchObject({ code: 'invalid_argument' });
      clock.advance(DAY_MS);
      await expect(service.rotate(actor, record.id, { graceMs: 0 })).rejects.toMatchObject({ code: 'conflict' });
    });

    it('lists live tokens, of one owner if asked, and ended ones on demand', async () => {
      const { service, clock, database } = await build();
      await addAccount(database, 'ann');
      const names = async (query?: { ownerId?: string; includeEnded?: boolean }) =>
        (await service.list(query)).map((record) => record.name);
      await service.create(actor, { name: 'short', expiresInDays: 1 });
      clock.advance(1);
      const { record } = await service.create(actor, { name: 'revoked', expiresInDays: null, ownerId: 'ann' });
      clock.advance(1);
      await service.create(actor, { name: 'live', expiresInDays: null, ownerId: 'ann' });
      await service.revoke(actor, record.id);
      clock.advance(DAY_MS);
      expect(await names()).toEqual(['live']);
      expect(await names({ includeEnded: true })).toEqual(['live', 'revoked', 'short']);
      expect(await names({ includeEnded: true, ownerId: 'ann' })).toEqual(['live', 'revoked']);
    });

    it('revokes all tokens of an account within the transaction of its caller', async () => {
      const { service, database, events } = await build();
      for (const id of ['ann', 'ben']) await addAccount(database, id);
      for (const name of ['a', 'b']) await service.create(actor, { name, expiresInDays: null, ownerId: 'ann' });
      await service.create(actor, { name: 'c', expiresInDays: null, ownerId: 'ben' });
      await database.transaction((manager) => service.revokeAllOf(manager, actor, 'ann'));
      expect((await service.list()).map((record) => record.name)).toEqual(['c']);
      expect((await events()).filter((event) => event.action === 'token.revoke')).toHaveLength(2);
    });

    it('makes no token for an account that is disabled or gone', async () => {
      const { service, database } = await build();
      await addAccount(database, 'ann', { disabledAtMs: 1 });
      for (const ownerId of ['ann', 'nobody']) {
        const made = service.create(actor, { name: 'ci', expiresInDays: 1, ownerId });
        await expect(made).rejects.toMatchObject({ code: 'permission_denied' });
      }
      expect(await service.list()).toEqual([]);
    });

    it('makes 200 tokens for an account at most, with those that ended in the last week', async () => {
      const { service, database, clock } = await build();
      await addAccount(database, 'ann');
      await addTokens(service, database, 'ann', 199);
      const one = { name: 'ci', expiresInDays: 1, ownerId: 'ann' };
      const { record } = await service.create(actor, one);
      const refused = { code: 'conflict', message: expect.stringContaining('revoke some') };
      await expect(service.create(actor, one)).rejects.toMatchObject(refused);
      await service.revoke(actor, record.id);
      await expect(service.create(actor, one)).rejects.toMatchObject(refused);
      clock.advance(7 * DAY_MS);
      await service.create(actor, one);
    });

    it('makes the last token of an account for one of many who ask at once', async () => {
      const { service, database } = await build();
      await addAccount(database, 'ann');
      await addTokens(service, database, 'ann', 199);
      const one = { name: 'ci', expiresInDays: 1, ownerId: 'ann' };
      const made = await Promise.allSettled([1, 2, 3].map(() => service.create(actor, one)));
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('makes any number for those who look after all tokens, and for the host', async () => {
      const { service, database } = await build();
      await addAccount(database, 'ann', { role: 'admin' });
      for (const ownerId of ['ann', null]) {
        await addTokens(service, database, ownerId, 200);
        await service.create(actor, { name: 'ci', expiresInDays: 1, ownerId });
      }
      expect(await service.list()).toHaveLength(402);
    });

    if (databases.dialect === 'postgres')
      it('revokes tokens without waiting in a circle with their uses', async () => {
        const { service, database } = await build();
        await addAccount(database, 'ann');
        const one = { name: 'ci', expiresInDays: null, ownerId: 'ann' };
        await service.create(actor, one);
        await service.create(actor, one);
        const [first, second] = await database.read((manager) =>
          manager.find(AccessTokenEntity, { order: { id: 'ASC' } }),
        );
        const use = (row: AccessTokenEntity | undefined) => (manager: EntityManager) =>
          manager.update(AccessTokenEntity, { id: row?.id }, { lastUsedFrom: '192.0.2.1' });
        // Now the row of the lower id is the last in the table.
        await database.transaction(use(first));
        const uses = await heldTransaction(database, use(first), use(second));
        const revoking = database.transaction((manager) => service.revokeAllOf(manager, actor, 'ann'));
        const ends = Promise.allSettled([revoking]);
        await lockWaits(database, 1);
        await uses.end();
        expect(await ends).toMatchObject([{ status: 'fulfilled', value: 2 }]);
      });

    it('loses none of many changes of a token at a time', async () => {
      const { service } = await build();
      const { record } = await service.create(actor, { name: 'ci', expiresInDays: null });
      await Promise.all([
        service.update(actor, record.id, { name: 'nightly' }),
        service.update(actor, record.id, { scopes: ['rank'] }),
        service.update(actor, record.id, { limits: { itemsInFlight: 3 } }),
      ]);
      const expected = { name: 'nightly', scopes: ['rank'], limits: { itemsInFlight: 3 } };
      expect(await service.get(record.id)).toMatchObject(expected);
    });

    it('keeps no secret: not in a column, a file or the trail', async () => {
      const { service, options, database, events } = await build();
      const { token, record } = await service.create(actor, { name: 'ci', expiresInDays: 1 });
      const rotated = await service.rotate(actor, record.id, { graceMs: 1000 });
      const secrets = [token, rotated.token].map((text) => text.slice(20, 50));
      const rows = await database.read((manager) => manager.query('SELECT * FROM access_token'));
      const trail = JSON.stringify(await events());
      for (const secret of secrets) expect(JSON.stringify(rows) + trail).not.toContain(secret);
      for (const { secret_sha256, previous_secret_sha256 } of rows) {
        expect(trail).not.toContain(secret_sha256);
        expect(trail).not.toContain(previous_secret_sha256);
      }
      if (databases.dialect === 'postgres') return;
      for (const file of await readdir(options.dataDir)) {
        const bytes = await readFile(join(options.dataDir, file));
        for (const secret of secrets) expect(bytes.includes(secret)).toBe(false);
      }
    });
  });

  describe('TokenUses', () => {
    it('stores the last use of each token, and wakes no cache', async () => {
      const { service, database, clock, changes } = await build();
      const { record } = await service.create(actor, { name: 'ci', expiresInDays: 1 });
      const uses = new TokenUses({ database, clock });
      uses.start();
      clock.advance(10);
      uses.note(record.id, { from: '10.0.0.1', protocol: 'grpc', model: 'm' });
      clock.advance(10);
      uses.note(record.id, { from: '10.0.0.2', protocol: 'http' });
      uses.note('anonymous', { from: '10.0.0.3', protocol: 'http' });
      await uses.stop();
      const { lastUsed } = await service.get(record.id);
      expect(lastUsed).toEqual({ atMs: 20, from: '10.0.0.2', protocol: 'http', model: 'm' });
      expect(await changes()).toBe(1);
    });

    it('stores the first use of a token at once, those of many tokens together, and later ones with all others', async () => {
      const { service, database, clock } = await build();
      const { record } = await service.create(actor, { name: 'ci', expiresInDays: 1 });
      let writes = 0;
      const counted: Pick<typeof database, 'transaction'> = {
        transaction: (work) => ((writes += 1), database.transaction(work)),
      };
      const uses = new TokenUses({ database: counted, clock });
      uses.start();
      const use = (id: string) => uses.note(id, { from: '10.0.0.1', protocol: 'grpc' });
      for (const id of [record.id, 'another', 'one more']) use(id);
      clock.advance(200);
      await expect.poll(async () => (await service.get(record.id)).lastUsed).toMatchObject({ atMs: 0 });
      use(record.id);
      clock.advance(1_000);
      for (let n = 0; n < 10; n += 1) {
        use(`new-${n}`);
        clock.advance(100);
      }
      expect(writes).toBe(2);
      await uses.stop();
    });

    it('keeps what it could not store', async () => {
      const { service, database, clock } = await build();
      const { record } = await service.create(actor, { name: 'ci', expiresInDays: 1 });
      let failures = 0;
      const flaky: Pick<typeof database, 'transaction'> = {
        transaction: (work) => (failures++ === 0 ? Promise.reject(new Error('away')) : database.transaction(work)),
      };
      const uses = new TokenUses({ database: flaky, clock });
      uses.start();
      uses.note(record.id, { from: '10.0.0.1', protocol: 'grpc' });
      clock.advance(5000);
      await uses.stop();
      expect((await service.get(record.id)).lastUsed).toMatchObject({ from: '10.0.0.1' });
    });
  });
});

function addAccount(database: Database, id: string, more: Partial<AccountEntity> = {}): Promise<unknown> {
  const email = `${id}@example.com`;
  const unused = { passwordHash: null, oidcIssuer: null, oidcSubject: null, lastLoginAtMs: null };
  return database.transaction((manager) =>
    manager.insert(AccountEntity, {
      ...{ id, email, name: id, role: 'member', createdAtMs: 0, disabledAtMs: null, ...unused },
      ...more,
    }),
  );
}

/** Copies of one token, by one statement. */
async function addTokens(
  service: TokenService,
  database: Database,
  ownerId: string | null,
  count: number,
): Promise<void> {
  const { record } = await service.create(actor, { name: 'copied', expiresInDays: null, ownerId });
  await database.transaction(async (manager) => {
    const row = await manager.findOneByOrFail(AccessTokenEntity, { id: record.id });
    const copies = Array.from({ length: count - 1 }, (_, index) => {
      const id = randomUUID();
      return { ...row, id, lookup: `${index}-${id}`.slice(0, 12) };
    });
    await manager.insert(AccessTokenEntity, copies);
  });
}
