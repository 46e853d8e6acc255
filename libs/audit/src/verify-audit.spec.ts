import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../test/support/databases.js';
import { appendMany, storedEvents, tamper } from './testing/trail.js';
import { verifyAudit } from './verify-audit.js';

const COLUMNS = 'at_ms, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name';

const COPY = `INSERT INTO audit_event (seq, ${COLUMNS}, previous_hash, hash) SELECT`;

const TAMPERINGS: { what: string; statements: string[]; seq: number; reason: RegExp }[] = [
  {
    what: 'an event that was removed',
    statements: ['DELETE FROM audit_event WHERE seq = 3'],
    seq: 4,
    reason: /taken out/,
  },
  {
    what: 'a first event that was removed',
    statements: ['DELETE FROM audit_event WHERE seq = 1'],
    seq: 2,
    reason: /taken out/,
  },
  {
    what: 'events that changed places',
    statements: [
      'UPDATE audit_event SET seq = 99 WHERE seq = 2',
      'UPDATE audit_event SET seq = 2 WHERE seq = 3',
      'UPDATE audit_event SET seq = 3 WHERE seq = 99',
    ],
    seq: 2,
    reason: /does not follow/,
  },
  {
    what: 'an event that was put in between by moving the later ones',
    statements: [
      'UPDATE audit_event SET seq = seq + 100 WHERE seq >= 3',
      'UPDATE audit_event SET seq = seq - 99 WHERE seq > 100',
      `${COPY} 3, ${COLUMNS}, hash, hash FROM audit_event WHERE seq = 2`,
    ],
    seq: 3,
    reason: /do not give its hash/,
  },
  {
    what: 'an event that was put in at the end',
    statements: [`${COPY} 6, ${COLUMNS}, hash, hash FROM audit_event WHERE seq = 5`],
    seq: 6,
    reason: /do not give its hash/,
  },
  { what: 'a cut tail', statements: ['DELETE FROM audit_event WHERE seq >= 4'], seq: 4, reason: /cut from the end/ },
  { what: 'an emptied trail', statements: ['DELETE FROM audit_event'], seq: 1, reason: /cut from the end/ },
  {
    what: 'a counter that was set back',
    statements: ["UPDATE change_counter SET value = 4 WHERE name = 'audit'"],
    seq: 5,
    reason: /never counted/,
  },
];

const CHANGES: Record<string, string> = {
  at_ms: 'at_ms + 1',
  actor_kind: "'system'",
  actor_id: "'x'",
  actor_name: "'x'",
  action: "'x'",
  target_kind: "'x'",
  target_id: "'x'",
  target_name: "'x'",
  before: "'{}'",
  after: "'{}'",
  from_address: 'NULL',
  previous_hash: "'x'",
  hash: "'x'",
};

onEachDatabase((databases) => {
  it('is content with an empty trail', async () => {
    const head = { seq: 0, hash: '0'.repeat(64) };
    expect(await verifyAudit(await databases.open())).toEqual({ ok: true, events: 0, firstSeq: 0, head });
  });

  it('follows a trail over more than one page', async () => {
    const database = await databases.open();
    await appendMany(database, 401);
    const head = (await storedEvents(database)).at(-1);
    expect(await verifyAudit(database)).toEqual({
      ...{ ok: true, events: 401, firstSeq: 1 },
      head: { seq: 401, hash: head?.hash },
    });
  });

  it.each(Object.entries(CHANGES))('finds an event whose %s was changed', async (column, value) => {
    const database = await databases.open();
    await appendMany(database, 3);
    await tamper(database, `UPDATE audit_event SET "${column}" = ${value} WHERE seq = 2`);
    expect(await verifyAudit(database)).toMatchObject({ ok: false, seq: 2 });
  });

  it.each(TAMPERINGS)('finds $what', async ({ statements, seq, reason }) => {
    const database = await databases.open();
    await appendMany(database, 5);
    await tamper(database, ...statements);
    expect(await verifyAudit(database)).toEqual({ ok: false, seq, reason: expect.stringMatching(reason) });
  });

  it('finds by a head that was kept elsewhere that tail and counter were cut together', async () => {
    const database = await databases.open();
    await appendMany(database, 5);
    const verdict = await verifyAudit(database);
    const expectedHead = verdict.ok ? verdict.head : undefined;
    await tamper(
      database,
      'DELETE FROM audit_event WHERE seq = 5',
      "UPDATE change_counter SET value = 4 WHERE name = 'audit'",
    );
    expect(await verifyAudit(database)).toMatchObject({ ok: true, events: 4 });
    expect(await verifyAudit(database, { expectedHead })).toMatchObject({ ok: false, seq: 5 });
  });

  it('accepts an older head of a trail that has grown, and refuses another one', async () => {
    const database = await databases.open();
    await appendMany(database, 3);
    const [, second] = await storedEvents(database);
    expect(await verifyAudit(database, { expectedHead: second })).toMatchObject({ ok: true, events: 3 });
    const expectedHead = { seq: 2, hash: 'f'.repeat(64) };
    expect(await verifyAudit(database, { expectedHead })).toMatchObject({ ok: false, seq: 2 });
  });
});
