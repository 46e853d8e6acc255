import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { ManualClock } from '#core';
import { AccessTokenEntity, type Database } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { EXPIRES_SOON_MS, TOKEN_CONDITIONS, type TokenCondition } from './token-conditions.js';
import { TOKEN_ORDERS, type TokenOrder } from './token-page.js';
import { TokenService } from './token-service.js';

const actor = { kind: 'host', id: 'host', name: 'host', from: null } as const;
const NOW_MS = 100 * 86_400_000;

onEachDatabase((databases) => {
  async function build() {
    const database = await databases.open();
    const clock = new ManualClock();
    clock.advance(NOW_MS);
    return { database, service: new TokenService({ database, clock }) };
  }

  const namesOn = async (service: TokenService, query: Partial<Parameters<TokenService['page']>[0]>) =>
    (await service.page({ limit: 100, ...query })).records.map(({ name }) => name);

  it.each(TOKEN_ORDERS)('pages of tokens sorted by %s hold each of them once', async (order: TokenOrder) => {
    const { database, service } = await build();
    const rows = Array.from({ length: 23 }, (_, at) => ({
      ...{ name: `token ${at % 5}`, createdAtMs: at % 3, lastUsedAtMs: at % 4 === 0 ? null : at },
      expiresAtMs: at % 2 === 0 ? null : NOW_MS + 1 + (at % 7),
    }));
    await addTokens(service, database, rows);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await service.page({ order, limit: 5, after });
      expect(page.total).toBe(24);
      seen.push(...page.records.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toHaveLength(24);
    expect(new Set(seen).size).toBe(24);
    expect(seen).toEqual((await service.page({ order, limit: 100 })).records.map(({ id }) => id));
  });

  it('a cursor that no page had is refused', async () => {
    const { service } = await build();
    for (const after of ['x', Buffer.from('[1]').toString('base64url'), Buffer.from('[{},""]').toString('base64url')]) {
      await expect(service.page({ limit: 1, after })).rejects.toMatchObject({ code: 'invalid_argument' });
    }
  });

  it('tokens are found by a part of the name in either case, the public part, the id and the whole token', async () => {
    const { service } = await build();
    const { token, record } = await service.create(actor, { name: 'Nightly 100%_x', expiresInDays: 30 });
    await service.create(actor, { name: 'Nightly 100 y', expiresInDays: 30 });
    for (const name of ['night', '100%', '%_X', record.publicPart, record.id, token]) {
      expect(await namesOn(service, { name }), name).toContain('Nightly 100%_x');
    }
    expect(await namesOn(service, { name: '100%' })).toEqual(['Nightly 100%_x']);
    expect(await namesOn(service, { name: '_' })).toEqual(['Nightly 100%_x']);
  });

  it('tokens are found by their scope, and by a model that they are limited to or not', async () => {
    const { service } = await build();
    await service.create(actor, { name: 'rank', expiresInDays: 30, scopes: ['rank'], models: ['a_b'] });
    await service.create(actor, { name: 'all', expiresInDays: 30 });
    await service.create(actor, { name: 'admin', expiresInDays: 30, scopes: ['admin:*'], models: ['axb', 'c'] });
    expect(await namesOn(service, { scope: 'admin:*' })).toEqual(['admin']);
    expect(await namesOn(service, { scope: 'encode' })).toEqual(['all']);
    expect((await namesOn(service, { model: 'a_b' })).sort()).toEqual(['all', 'rank']);
    expect(await namesOn(service, { ownerId: 'somebody' })).toEqual([]);
    expect(await namesOn(service, { ownerId: null })).toHaveLength(3);
  });

  it('each condition finds the tokens that have it, and no others', async () => {
    const { database, service } = await build();
    const used = { lastUsedAtMs: 5, expiresAtMs: NOW_MS + 2 * EXPIRES_SOON_MS };
    const rows: (Partial<AccessTokenEntity> & { name: TokenCondition })[] = [
      { name: 'active', ...used },
      { name: 'active', ...used, expiresAtMs: null },
      { name: 'unused', ...used, lastUsedAtMs: null },
      { name: 'expires_soon', ...used, expiresAtMs: NOW_MS + EXPIRES_SOON_MS },
      { name: 'rotating', ...used, previousSecretSha256: 'x', previousValidUntilMs: NOW_MS + 1 },
      { name: 'playground', ...used, expiresAtMs: NOW_MS + 1, lastUsedAtMs: null, purpose: 'playground' },
      {
        name: 'playground',
        ...used,
        previousSecretSha256: 'x',
        previousValidUntilMs: NOW_MS + 1,
        purpose: 'playground',
      },
      { name: 'expired', ...used, expiresAtMs: NOW_MS },
      { name: 'revoked', ...used, revokedAtMs: 7 },
    ];
    await addTokens(service, database, rows);
    const first = (await service.page({ limit: 100, name: 'template' })).records;
    await service.revoke(actor, first[0]!.id);
    for (const condition of TOKEN_CONDITIONS) {
      if (condition === 'refused_often' || condition === 'limited_often') continue;
      const found = await namesOn(service, { condition, name: condition });
      expect(found, condition).toEqual(rows.flatMap(({ name }) => (name === condition ? [name] : [])));
      const all = await namesOn(service, { condition });
      expect(new Set(all.filter((name) => name !== 'template')), condition).toEqual(new Set([condition]));
    }
  });

  it('tokens that follow from usage are found by their ids, of which there may be many', async () => {
    const { service } = await build();
    const { record } = await service.create(actor, { name: 'often', expiresInDays: 30 });
    await service.create(actor, { name: 'other', expiresInDays: 30 });
    const ids = [...Array.from({ length: 40_000 }, () => randomUUID()), record.id];
    expect(await namesOn(service, { condition: 'refused_often', ids })).toEqual(['often']);
    expect(await namesOn(service, { condition: 'refused_often', ids: [] })).toEqual([]);
  });
});

/** Rows like that of a token named `template`, which is made, too. */
async function addTokens(
  service: TokenService,
  database: Database,
  changes: readonly Partial<AccessTokenEntity>[],
): Promise<void> {
  const { record } = await service.create(actor, { name: 'template', expiresInDays: 30 });
  await database.transaction(async (manager) => {
    const template = await manager.findOneByOrFail(AccessTokenEntity, { id: record.id });
    const rows = changes.map((change, at) => ({ ...template, ...change, id: randomUUID(), lookup: `lookup-${at}` }));
    await manager.insert(AccessTokenEntity, rows);
  });
}
