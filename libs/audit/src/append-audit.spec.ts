import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../test/support/databases.js';
import { appendAudit, VALUE_CHARS_MAX } from './append-audit.js';
import { append, AT_MS, buildChange, storedEvents } from './testing/trail.js';
import { verifyAudit } from './verify-audit.js';

onEachDatabase((databases) => {
  it('chains events from a genesis of 64 zeros by hashes that anyone can recompute', async () => {
    const database = await databases.open();
    await append(database, {}, { action: 'token.revoke', before: { b: 1, a: 'ü' }, after: null });
    const [first, second] = await storedEvents(database);
    expect(first?.previousHash).toBe('0'.repeat(64));
    expect(second?.previousHash).toBe(first?.hash);
    const bytes =
      '{"action":"token.revoke","actorId":"account-1","actorKind":"account","actorName":"ada@example.org","after":null,' +
      `"atMs":${AT_MS + 1000},"before":"{\\"a\\":\\"ü\\",\\"b\\":1}","fromAddress":"192.0.2.7",` +
      `"previousHash":"${first?.hash}","seq":2,"targetId":"token-1","targetKind":"token","targetName":"ci"}`;
    expect(second?.hash).toBe(createHash('sha256').update(bytes, 'utf8').digest('hex'));
  });

  it('keeps one chain when 20 changes are made at once', async () => {
    const options = await databases.options();
    const both = [await databases.open(options), await databases.open(options)];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        both[index % 2]!.transaction((manager) => appendAudit(manager, buildChange(), AT_MS + index)),
      ),
    );
    expect(await verifyAudit(both[0]!)).toMatchObject({ ok: true, events: 20, head: { seq: 20 } });
  });

  it('leaves no event of a change that was rolled back, and no gap', async () => {
    const database = await databases.open();
    await append(database, {});
    const change = database.transaction(async (manager) => {
      await appendAudit(manager, buildChange(), AT_MS);
      throw new Error('the change failed');
    });
    await expect(change).rejects.toThrow('the change failed');
    await append(database, {});
    expect(await verifyAudit(database)).toMatchObject({ ok: true, events: 2 });
  });

  it('cuts a value of more than 16 KB and says how long it was', async () => {
    const database = await databases.open();
    await append(database, { before: '"'.repeat(100_000), after: 'x'.repeat(VALUE_CHARS_MAX - 2) });
    const [event] = await storedEvents(database);
    expect(event?.before?.length).toBeLessThanOrEqual(VALUE_CHARS_MAX);
    expect(JSON.parse(event?.before ?? '')).toMatchObject({ chars: 200_002, cut: expect.stringMatching(/^"\\"/) });
    expect(event?.after).toHaveLength(VALUE_CHARS_MAX);
  });

  it('takes names that no database stores as they are', async () => {
    const database = await databases.open();
    const name = `${'🙂'.repeat(199)}x🙂\0`;
    const after = { name: '\0\ud83d' };
    await append(database, { target: { kind: 'token', id: '\0\ud83d', name }, after });
    expect(await verifyAudit(database)).toMatchObject({ ok: true, events: 1 });
    expect(JSON.parse((await storedEvents(database))[0]?.after ?? '')).toEqual(after);
  });
});
