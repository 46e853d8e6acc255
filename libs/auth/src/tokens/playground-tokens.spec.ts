import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#audit';
import type { Account } from '../accounts/account.js';
import { AccountsUnderTest, actorOf } from '../testing/accounts.js';

const HOUR_MS = 3_600_000;

describe('the playground token of an account', () => {
  let tested: AccountsUnderTest;
  let account: Account;
  let actor: Actor;

  beforeAll(async () => {
    tested = await AccountsUnderTest.open();
    account = await tested.person('olga', 'owner');
    actor = actorOf(account);
  });

  afterAll(() => tested.close());

  const own = () => tested.tokens.list({ ownerId: account.id });

  it('stays the same until it ends soon, and is then replaced by another', async () => {
    const first = await tested.playgroundTokens.of(account.id, actor);
    tested.clock.advance(22 * HOUR_MS);
    expect(await tested.playgroundTokens.of(account.id, actor)).toBe(first);
    tested.clock.advance(1.5 * HOUR_MS);
    expect(await tested.playgroundTokens.of(account.id, actor)).not.toBe(first);
    expect(await own()).toHaveLength(1);
  });

  it('is made once, however many ask at a time', async () => {
    await tested.playgroundTokens.end(account.id, actor);
    const asked = Array.from({ length: 5 }, () => tested.playgroundTokens.of(account.id, actor));
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    expect(await own()).toHaveLength(1);
  });

  it('goes with a log-out, and leaves the tokens that people made', async () => {
    const { record } = await tested.tokens.create(actor, { name: 'ci', expiresInDays: 30, ownerId: account.id });
    await tested.playgroundTokens.of(account.id, actor);
    await tested.playgroundTokens.end(account.id, actor);
    expect((await own()).map(({ id }) => id)).toEqual([record.id]);
  });
});
