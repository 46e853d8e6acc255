import { expect, it } from 'vitest';
import type { Database } from '#database';
import { onEachDatabase } from '../../../test/support/databases.js';
import { exportAudit, type AuditSpan } from './export-audit.js';
import { appendMany, AT_MS } from './testing/trail.js';
import { verifyAudit, verifyAuditLines } from './verify-audit.js';

onEachDatabase((databases) => {
  it('exports the whole trail as lines of JSON that verify like the trail itself', async () => {
    const database = await databases.open();
    await appendMany(database, 205);
    const lines = await exported(database);
    expect(lines.every((line) => /^\{.*\}\n$/.test(line))).toBe(true);
    expect(await verifyAuditLines(lines)).toEqual(await verifyAudit(database));
  });

  it('exports the part of a span, both ends included', async () => {
    const database = await databases.open();
    await appendMany(database, 5);
    const lines = await exported(database, { fromMs: AT_MS + 1000, toMs: AT_MS + 3000 });
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([2, 3, 4]);
    expect(await verifyAuditLines(lines)).toMatchObject({ ok: true, events: 3, firstSeq: 2, head: { seq: 4 } });
    expect(await exported(database, { fromMs: AT_MS + 9000 })).toEqual([]);
    expect(await exported(database, { toMs: AT_MS - 1 })).toEqual([]);
  });

  it('finds every line that was changed, taken out, put in or moved', async () => {
    const database = await databases.open();
    await appendMany(database, 4);
    const [one, two, three, four] = (await exported(database)) as [string, string, string, string];
    const faults: [string[], number][] = [
      [[one, two.replace('ada@', 'bob@'), three, four], 2],
      [[one, three, four], 3],
      [[one, three, two, four], 3],
      [[one, two, two, three, four], 2],
      [[one, two, 'nonsense', three, four], 3],
      [[one, two, three.replace('{', '{"more":1,'), four], 3],
      [[one.replace(/"previousHash":"0/, '"previousHash":"1'), two], 1],
    ];
    for (const [lines, seq] of faults) expect(await verifyAuditLines(lines)).toMatchObject({ ok: false, seq });
  });

  it('finds by a head that was kept elsewhere that lines are missing at an end', async () => {
    const database = await databases.open();
    await appendMany(database, 3);
    const lines = await exported(database);
    const verdict = await verifyAuditLines(lines);
    const expectedHead = verdict.ok ? verdict.head : undefined;
    expect(await verifyAuditLines(lines, { expectedHead })).toMatchObject({ ok: true });
    expect(await verifyAuditLines(lines.slice(0, 2), { expectedHead })).toMatchObject({ ok: false, seq: 3 });
    expect(await verifyAuditLines([], { expectedHead })).toMatchObject({ ok: false, seq: 3 });
  });
});

async function exported(database: Database, span?: AuditSpan): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportAudit(database, span)) lines.push(line);
  return lines;
}
