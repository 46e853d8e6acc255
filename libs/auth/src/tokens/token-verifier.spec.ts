import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { anonymous, DomainError, ManualClock, systemClock, type Authenticated } from '#core';
import { Database } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { postgresServerAvailable, startPostgres } from '../../../../test/support/postgres.js';
import { TokenVerifier } from './token-verifier.js';
import { mintSecret, mintToken } from './token-format.js';
import { TokenService } from './token-service.js';

const actor = { kind: 'host', id: 'operator', name: 'operator', from: null } as const;
const DAY_MS = 86_400_000;
const NEVER_MS = 2e9;
/** Longer than the gap between two refreshes. */
const LATER_MS = 300;

/** A database that counts its reads and can be cut off. */
class WatchedDatabase implements Pick<Database, 'read'> {
  reads = 0;
  isAway = false;

  constructor(private readonly database: Database) {}

  read: Database['read'] = (work) => {
    this.reads++;
    if (this.isAway) return Promise.reject(new DomainError('unavailable', 'The database cannot be reached.'));
    return this.database.read(work);
  };
}

function codeOf(answer: Promise<Authenticated>): Promise<string> {
  return answer.then(
    ({ principal }) => principal.name,
    (err: unknown) => DomainError.from(err).code,
  );
}

function textOf(answer: Promise<Authenticated>): Promise<string> {
  return answer.then(
    () => 'accepted',
    (err: unknown) => DomainError.from(err).message,
  );
}

onEachDatabase((databases) => {
  async function build({ pollMs = NEVER_MS, outageMsMax = 300_000 } = {}) {
    const database = await databases.open();
    const watched = new WatchedDatabase(database);
    const clock = new ManualClock();
    const events: string[] = [];
    const verifier = new TokenVerifier({
      ...{ database: watched, clock, pollMs, outageMsMax },
      onOutage: () => events.push('outage'),
      onRecovery: () => events.push('recovery'),
    });
    const service = new TokenService({ database, clock });
    const create = (name: string, expiresInDays: number | null = null) =>
      service.create(actor, { name, expiresInDays });
    return { database, watched, clock, verifier, service, create, events };
  }

  describe('TokenVerifier', () => {
    it('names the principal of a live token without a query', async () => {
      const { verifier, service, watched } = await build();
      const limits = { itemsInFlight: 4 };
      const { token, record } = await service.create(actor, {
        ...{ name: 'ci', expiresInDays: 1, scopes: ['encode'], models: ['ViT-B-32::openai'], limits },
      });
      await verifier.start();
      const before = watched.reads;
      const expected = { id: record.id, name: 'ci', scopes: ['encode'], models: ['ViT-B-32::openai'], limits };
      expect((await verifier.verify(token)).principal).toEqual(expected);
      expect(watched.reads).toBe(before);
    });

    it('accepts a token at once that was made elsewhere a moment ago', async () => {
      const { verifier, clock, create } = await build();
      await verifier.start();
      const { token } = await create('new');
      clock.advance(LATER_MS);
      expect((await verifier.verify(token)).principal.name).toBe('new');
    });

    it('asks the database once for all who come with unknown tokens at a time', async () => {
      const { verifier, clock, create, watched } = await build();
      await verifier.start();
      const { token } = await create('new');
      clock.advance(LATER_MS);
      const before = watched.reads;
      const unknown = Array.from({ length: 100 }, () => codeOf(verifier.verify(mintToken().token)));
      expect(await codeOf(verifier.verify(token))).toBe('new');
      expect(new Set(await Promise.all(unknown))).toEqual(new Set(['unauthenticated']));
      expect(watched.reads - before).toBe(1);
    });

    it('refuses a revoked token in another process after one poll, and ends its streams', async () => {
      const { verifier, clock, create, service } = await build({ pollMs: 500 });
      const { token, record } = await create('leaked');
      await verifier.start();
      const { credential } = await verifier.verify(token);
      await service.revoke(actor, record.id);
      verifier.recheck(credential);
      clock.advance(500);
      await vi.waitFor(() => expect(() => verifier.recheck(credential)).toThrow('revoked'));
      expect(await textOf(verifier.verify(token))).toContain('revoked');
    });

    it('accepts and refuses alike in two processes that share the database', async () => {
      const options = await databases.options();
      const clock = new ManualClock();
      const open = async () => {
        const database = await databases.open(options);
        const verifier = new TokenVerifier({ database, clock, pollMs: 500 });
        await verifier.start();
        return { verifier, service: new TokenService({ database, clock }) };
      };
      const here = await open();
      const there = await open();
      clock.advance(LATER_MS);
      const { token, record } = await here.service.create(actor, { name: 'shared', expiresInDays: 1 });
      for (const { verifier } of [here, there]) expect(await codeOf(verifier.verify(token))).toBe('shared');
      await there.service.revoke(actor, record.id);
      clock.advance(500);
      for (const { verifier } of [here, there]) {
        await vi.waitFor(async () => expect(await textOf(verifier.verify(token))).toContain('revoked'));
      }
    });

    it('follows a changed name, scope and limit after a poll', async () => {
      const { verifier, clock, create, service } = await build({ pollMs: 500 });
      const { token, record } = await create('before');
      await verifier.start();
      await service.update(actor, record.id, { name: 'after', scopes: ['rank'] });
      clock.advance(500);
      await vi.waitFor(async () =>
        expect((await verifier.verify(token)).principal).toMatchObject({ name: 'after', scopes: ['rank'] }),
      );
    });

    it('refuses an expired token from the millisecond it expires', async () => {
      const { verifier, clock, create } = await build({ outageMsMax: NEVER_MS });
      const { token } = await create('short', 1);
      await verifier.start();
      clock.advance(DAY_MS - 1);
      const { credential } = await verifier.verify(token);
      clock.advance(1);
      expect(await textOf(verifier.verify(token))).toContain('expired');
      expect(() => verifier.recheck(credential)).toThrow('expired');
    });

    it('accepts the old secret after a rotation until the grace ends, and the new one from then on', async () => {
      const { verifier, clock, create, service } = await build({ outageMsMax: NEVER_MS });
      const old = await create('rotated');
      const next = await service.rotate(actor, old.record.id, { graceMs: 1000 });
      await verifier.start();
      const [before, after] = await Promise.all([verifier.verify(old.token), verifier.verify(next.token)]);
      expect(before.principal.id).toBe(after.principal.id);
      clock.advance(1000);
      expect(await codeOf(verifier.verify(old.token))).toBe('unauthenticated');
      expect(await codeOf(verifier.verify(next.token))).toBe('rotated');
    });

    it('accepts a secret at once that was rotated elsewhere a moment ago', async () => {
      const { verifier, clock, create, service } = await build();
      const { record } = await create('rotated');
      await verifier.start();
      const { token } = await service.rotate(actor, record.id, { graceMs: 0 });
      clock.advance(LATER_MS);
      expect((await verifier.verify(token)).principal.name).toBe('rotated');
    });

    it('ends the old secret at once when a rotation has no grace', async () => {
      const { verifier, clock, create, service } = await build();
      const old = await create('rotated');
      await service.rotate(actor, old.record.id, { graceMs: 0 });
      await verifier.start();
      clock.advance(LATER_MS);
      expect(await codeOf(verifier.verify(old.token))).toBe('unauthenticated');
    });

    it('answers malformed, unknown and wrong with the same text', async () => {
      const { verifier, clock, create } = await build();
      const { token } = await create('real');
      await verifier.start();
      clock.advance(LATER_MS);
      const wrong = mintSecret(token.slice(8, 20)).token;
      const guesses = ['a token', mintToken().token, wrong].map((guess) => textOf(verifier.verify(guess)));
      expect(new Set(await Promise.all(guesses))).toEqual(new Set([expect.stringContaining('is not valid')]));
    });

    it('holds for anonymous calls whatever happens', async () => {
      const { verifier } = await build();
      expect(verifier.recheck('none')).toBe(anonymous);
    });
  });

  describe('a TokenVerifier without its database', () => {
    it('keeps known tokens working for the stated time, then refuses, and recovers by itself', async () => {
      const { verifier, clock, watched, create, events } = await build({ pollMs: 500, outageMsMax: 10_000 });
      const { token } = await create('known');
      await verifier.start();
      const { credential } = await verifier.verify(token);
      watched.isAway = true;
      clock.advance(500);
      await vi.waitFor(() => expect(events).toEqual(['outage']));
      clock.advance(9500);
      expect(await codeOf(verifier.verify(token))).toBe('known');
      clock.advance(1);
      expect(await codeOf(verifier.verify(token))).toBe('unavailable');
      expect(() => verifier.recheck(credential)).toThrow('cannot be checked');
      watched.isAway = false;
      await vi.waitFor(async () => {
        clock.advance(500);
        expect(await codeOf(verifier.verify(token))).toBe('known');
      });
      expect(events).toEqual(['outage', 'recovery']);
    });

    it('says of unknown tokens that it cannot tell, without a query for each', async () => {
      const { verifier, clock, watched, create } = await build();
      await verifier.start();
      const { token } = await create('new');
      clock.advance(LATER_MS);
      watched.isAway = true;
      const before = watched.reads;
      const answers = Array.from({ length: 1000 }, () => codeOf(verifier.verify(token)));
      expect(new Set(await Promise.all(answers))).toEqual(new Set(['unavailable']));
      expect(await codeOf(verifier.verify(token))).toBe('unavailable');
      expect(watched.reads - before).toBe(1);
    });

    it('lets those who wait go when it stops', async () => {
      const { verifier } = await build();
      await verifier.start();
      const waiting = codeOf(verifier.verify(mintToken().token));
      verifier.stop();
      expect(await waiting).toBe('shutting_down');
    });
  });

  describe('a TokenVerifier under a flood', () => {
    const COUNT = 10_000;

    it('spends no query on random tokens', async () => {
      const { verifier, watched } = await build();
      await verifier.start();
      const before = watched.reads;
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab';
      for (let at = 0; at < COUNT; at++) {
        const guess = Array.from(randomBytes(48), (byte) => alphabet.charAt(byte % 64)).join('');
        expect(await codeOf(verifier.verify(`cas_pat_${guess}`))).toBe('unauthenticated');
      }
      expect(watched.reads).toBe(before);
    }, 30_000);

    it('spends a bounded few on well-formed ones', async () => {
      const { watched } = await build();
      const verifier = new TokenVerifier({ database: watched, clock: systemClock, pollMs: NEVER_MS });
      await verifier.start();
      const startedMs = performance.now();
      const before = watched.reads;
      for (let batch = 0; batch < COUNT; batch += 5000) {
        const answers = Array.from({ length: 5000 }, () => codeOf(verifier.verify(mintToken().token)));
        expect(new Set(await Promise.all(answers))).toEqual(new Set(['unauthenticated']));
      }
      verifier.stop();
      expect(watched.reads - before).toBeLessThanOrEqual(Math.ceil((performance.now() - startedMs) / 250) + 1);
    }, 30_000);
  });
});

describe.skipIf(!postgresServerAvailable)('a TokenVerifier whose PostgreSQL stops', () => {
  it('goes on with known tokens and finds new ones when the server is back', async () => {
    await using server = await startPostgres({ own: true });
    const database = await Database.open({ url: await server.createDatabase(), dataDir: tmpdir() });
    const service = new TokenService({ database, clock: systemClock });
    const verifier = new TokenVerifier({ database, clock: systemClock, pollMs: 50 });
    const { token } = await service.create(actor, { name: 'known', expiresInDays: 1 });
    await verifier.start();
    await server.stop();
    await vi.waitFor(async () => expect(await codeOf(verifier.verify(mintToken().token))).toBe('unavailable'));
    expect(await codeOf(verifier.verify(token))).toBe('known');
    await server.start();
    const { token: later } = await service.create(actor, { name: 'later', expiresInDays: 1 });
    await vi.waitFor(async () => expect(await codeOf(verifier.verify(later))).toBe('later'), 10_000);
    verifier.stop();
    await database.close();
  }, 60_000);
});
