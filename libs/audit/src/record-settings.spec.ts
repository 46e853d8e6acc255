import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../test/support/databases.js';
import type { Actor } from './append-audit.js';
import { recordSettings } from './record-settings.js';
import { append, AT_MS, storedEvents } from './testing/trail.js';

const SYSTEM: Actor = { kind: 'system', id: 'system', name: 'the service', from: null };

onEachDatabase((databases) => {
  it('writes down settings when they differ from those that were written down last', async () => {
    const database = await databases.open();
    await recordSettings(database, SYSTEM, { port: 51000, host: '::1' }, AT_MS);
    await append(database, {});
    await recordSettings(database, SYSTEM, { host: '::1', port: 51000 }, AT_MS);
    await recordSettings(database, SYSTEM, { host: '::1', port: 52000 }, AT_MS);
    const changes = (await storedEvents(database)).filter(({ action }) => action === 'settings.change');
    expect(changes.map(({ before, after }) => [before, after])).toEqual([
      [null, '{"host":"::1","port":51000}'],
      ['{"host":"::1","port":51000}', '{"host":"::1","port":52000}'],
    ]);
  });

  it('recognises settings that were too long to be kept whole', async () => {
    const database = await databases.open();
    const settings = { text: 'x'.repeat(40_000) };
    for (const _start of [1, 2]) await recordSettings(database, SYSTEM, settings, AT_MS);
    expect(await storedEvents(database)).toHaveLength(1);
  });

  it('writes one event when several processes start at once on an empty database', async () => {
    const options = await databases.options();
    const both = [await databases.open(options), await databases.open(options)];
    await Promise.all([...both, ...both].map((database) => recordSettings(database, SYSTEM, { port: 1 }, AT_MS)));
    expect(await storedEvents(both[0]!)).toHaveLength(1);
  });
});
