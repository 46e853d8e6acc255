import { expect, it } from 'vitest';
import { ManualClock } from '#core';
import { nextChange, type Database } from '#database';
import { PodReporter } from '#pods';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { ChangeFeed } from './change-feed.js';

const IDENTITY = { host: 'host-1', pid: 1, version: '1.2.3', roles: ['inference'] };

onEachDatabase((databases) => {
  const open = async (databaseOf = (database: Database): Pick<Database, 'read'> => database) => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    const feed = new ChangeFeed({ database: databaseOf(database), clock });
    const heard: string[][] = [];
    const unlisten = feed.listen((topics) => heard.push([...topics].sort()));
    const poll = async (): Promise<string[][]> => {
      clock.advance(500);
      await feed.settled();
      return heard.splice(0);
    };
    const change = (...counters: string[]) =>
      database.transaction(async (manager) => {
        for (const counter of counters) await nextChange(manager, counter);
      });
    return { database, clock, feed, poll, change, unlisten };
  };

  it('tells once which topics have changed since somebody listens, by whichever process', async () => {
    const { poll, change, unlisten } = await open();
    await change('tokens');
    expect(await poll()).toEqual([]);
    await change('tokens', 'audit', 'log_level', 'nobody_shows_this');
    expect(await poll()).toEqual([['audit', 'log-level', 'tokens']]);
    expect(await poll()).toEqual([]);
    await change('token_uses');
    expect(await poll()).toEqual([['tokens']]);
    unlisten();
    await change('tokens');
    expect(await poll()).toEqual([]);
  });

  it('tells of the reports of pods once a second at most', async () => {
    const { database, clock, poll } = await open();
    const reporter = await PodReporter.open({ database, clock, ...IDENTITY });
    await poll();
    const heard: string[][] = [];
    for (let polls = 0; polls < 6; polls += 1) {
      await reporter.report();
      heard.push(...(await poll()));
    }
    expect(heard).toEqual([['pods'], ['pods'], ['pods']]);
  });

  it('tells what this process alone knows', async () => {
    const { feed, poll } = await open();
    await poll();
    feed.note('traces');
    feed.note('traces');
    expect(await poll()).toEqual([['traces']]);
  });

  it('counts everything as changed after a time without a database', async () => {
    let isAway = false;
    const { poll, change } = await open((database) => ({
      read: (work) => (isAway ? Promise.reject(new Error('away')) : database.read(work)),
    }));
    await change('tokens', 'audit');
    await poll();
    isAway = true;
    expect(await poll()).toEqual([]);
    isAway = false;
    expect(await poll()).toEqual([['audit', 'pods', 'tokens']]);
  });
});
