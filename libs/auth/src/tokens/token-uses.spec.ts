import { expect, it } from 'vitest';
import { ManualClock, type TokenCredential } from '#core';
import { currentChange } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { parseToken } from './token-format.js';
import { TokenService } from './token-service.js';
import { TokenUses } from './token-uses.js';

const actor = { kind: 'host', id: 'host', name: 'host', from: null } as const;

onEachDatabase((databases) => {
  async function build() {
    const database = await databases.open();
    const clock = new ManualClock();
    clock.advance(1000);
    const service = new TokenService({ database, clock });
    const { token, record } = await service.create(actor, { name: 'ci', expiresInDays: 1 });
    const uses = new TokenUses({ database, clock });
    uses.start();
    const credential = (secret: string): TokenCredential => ({
      tokenId: record.id,
      secretSha256: parseToken(secret)?.secretSha256 ?? '',
    });
    const use = (secret: string, from = '192.0.2.1') =>
      uses.note(record.id, { from, protocol: 'http', model: 'm', credential: credential(secret) });
    const counter = (name: string) => database.read((manager) => currentChange(manager, name));
    const found = () => service.get(record.id);
    return { clock, service, uses, use, counter, found, token, id: record.id };
  }

  it('the first use of a token is written at once, and wakes no cache', async () => {
    const { clock, uses, use, counter, found, token } = await build();
    use(token);
    // Well before the next regular write.
    await expect.poll(() => (clock.advance(250), found()).then(({ lastUsed }) => lastUsed?.from)).toBe('192.0.2.1');
    expect(await counter('tokens')).toBe(1);
    use(token, '192.0.2.2');
    await uses.stop();
    expect((await found()).lastUsed?.from).toBe('192.0.2.2');
    expect(await counter('tokens')).toBe(1);
  });

  it('the requests of the old and the new secret are counted apart from a rotation on', async () => {
    const { clock, service, uses, use, found, token, id } = await build();
    use(token);
    await uses.stop();
    clock.advance(1000);
    const rotated = await service.rotate(actor, id, { graceMs: 60_000 });
    expect((await found()).rotation).toEqual({
      atMs: 2000,
      present: { requests: 0, lastUsedAtMs: null },
      previous: { requests: 0, lastUsedAtMs: 1000, lastUsedFrom: '192.0.2.1' },
    });
    clock.advance(1000);
    for (const from of ['192.0.2.3', '192.0.2.4']) use(token, from);
    clock.advance(1000);
    for (const from of ['192.0.2.5', '192.0.2.6', '192.0.2.7']) use(rotated.token, from);
    await uses.stop();
    expect(await found()).toMatchObject({
      rotation: {
        present: { requests: 3, lastUsedAtMs: 4000 },
        previous: { requests: 2, lastUsedAtMs: 3000, lastUsedFrom: '192.0.2.4' },
      },
      lastUsed: { atMs: 4000, from: '192.0.2.7' },
    });
  });

  it('counts of two processes add up, and an earlier use that comes late changes no last use', async () => {
    const { clock, uses, use, found, token, id, service } = await build();
    const rotated = await service.rotate(actor, id, { graceMs: 60_000 });
    use(token, '192.0.2.9');
    clock.advance(1000);
    use(rotated.token, '192.0.2.8');
    await uses.stop();
    use(token, '192.0.2.10');
    await uses.stop();
    const { rotation, lastUsed } = await found();
    expect([rotation?.present.requests, rotation?.previous.requests]).toEqual([1, 2]);
    expect(lastUsed?.from).toBe('192.0.2.10');
  });

  it('a use of which nobody says by which secret counts as a use alone', async () => {
    const { uses, found, id } = await build();
    uses.note(id, { from: '192.0.2.1', protocol: 'http' });
    await uses.stop();
    expect((await found()).lastUsed).toMatchObject({ protocol: 'http', model: null });
  });
});
