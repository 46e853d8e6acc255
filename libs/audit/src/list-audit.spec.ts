import { expect, it } from 'vitest';
import type { Database } from '#database';
import { onEachDatabase } from '../../../test/support/databases.js';
import type { AuditTerm } from './audit-terms.js';
import { listAudit, type AuditQuery } from './list-audit.js';
import { ADA, append, appendMany, AT_MS } from './testing/trail.js';

const BOB = { ...ADA, id: 'account-2', name: 'bob@example.org', from: null };

onEachDatabase((databases) => {
  it('pages through the trail from the newest event, also while it grows', async () => {
    const database = await databases.open();
    await appendMany(database, 5);
    const first = await listAudit(database, { limit: 2 });
    await appendMany(database, 1);
    const second = await listAudit(database, { limit: 2, cursor: first.cursor ?? 0 });
    const third = await listAudit(database, { limit: 2, cursor: second.cursor ?? 0 });
    expect([first, second, third].map(({ events }) => events.map(({ seq }) => seq))).toEqual([[5, 4], [3, 2], [1]]);
    expect(third.cursor).toBeNull();
  });

  it('begins with the newest where the cursor is a number that no event has yet', async () => {
    const database = await databases.open();
    await appendMany(database, 3);
    const newest = await listAudit(database, { limit: 2 });
    expect(await listAudit(database, { limit: 2, cursor: Number.MAX_SAFE_INTEGER })).toEqual(newest);
  });

  it('shows an event with its values parsed', async () => {
    const database = await databases.open();
    await append(database, { before: { name: 'ci' }, after: { name: 'nightly' } });
    expect((await listAudit(database)).events).toEqual([
      {
        ...{ seq: 1, atMs: AT_MS, actor: ADA, action: 'token.create', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
        target: { kind: 'token', id: 'token-1', name: 'ci' },
        ...{ before: { name: 'ci' }, after: { name: 'nightly' } },
      },
    ]);
  });

  it('narrows by actor, action, target and time, and by all of them', async () => {
    const database = await databases.open();
    const account = { kind: 'account', id: 'account-3', name: 'eve' };
    await append(
      database,
      {},
      { action: 'token.revoke', actor: BOB },
      { action: 'tokens_x', target: account },
      { action: 'account.role', target: account, actor: BOB },
    );
    const seqs = (query: AuditQuery): Promise<number[]> => seqsOf(database, query);
    expect(await seqs({ actor: 'account-2' })).toEqual([4, 2]);
    expect(await seqs({ actor: 'bob@example.org' })).toEqual([4, 2]);
    expect(await seqs({ action: 'token.' })).toEqual([2, 1]);
    expect(await seqs({ action: 'token_' })).toEqual([]);
    expect(await seqs({ action: '%' })).toEqual([]);
    expect(await seqs({ target: 'eve' })).toEqual([4, 3]);
    expect(await seqs({ fromMs: AT_MS + 1000, toMs: AT_MS + 2000 })).toEqual([3, 2]);
    const terms = (key: AuditTerm['key'], any: string[], not = false) => ({ terms: [{ key, any, not }] });
    expect(await seqs(terms('action', ['token.', 'account.']))).toEqual([4, 2, 1]);
    expect(await seqs(terms('actor', ['bob@example.org'], true))).toEqual([3, 1]);
    expect(await seqs(terms('text', ['EVE', 'revoke']))).toEqual([4, 3, 2]);
    // Events of Bob have no address.
    expect(await seqs(terms('address', [ADA.from ?? ''], true))).toEqual([4, 2]);
    expect(await seqs({ ...terms('target', ['eve']), action: 'account' })).toEqual([4]);
    expect(await seqs({ actor: BOB.id, action: 'account', target: 'account-3', fromMs: AT_MS })).toEqual([4]);
  });
});

async function seqsOf(database: Database, query: AuditQuery): Promise<number[]> {
  return (await listAudit(database, query)).events.map(({ seq }) => seq);
}
