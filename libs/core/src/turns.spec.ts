import { describe, expect, it } from 'vitest';
import { ManualClock } from './clock.js';
import { Turns } from './turns.js';

/** A slice, as the class has it. */
const SLICE_MS = 4;

const nextTurnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Turns', () => {
  it('are over when a slice of time is used up, whoever used it, and begin anew with the next turn of the loop', async () => {
    const clock = new ManualClock();
    const turns = new Turns(clock);
    expect(turns.isOver).toBe(false);
    clock.advance(100);
    expect(turns.isOver).toBe(true);
    await nextTurnOfTheLoop();
    expect(turns.isOver).toBe(false);
  });

  it('are given one at a time, in the order of asking, to work that uses them up', async () => {
    const clock = new ManualClock();
    const turns = new Turns(clock);
    const came: string[] = [];
    const work = async (name: string): Promise<void> => {
      for (let round = 0; round < 2; round++) {
        await turns.next();
        came.push(name);
        clock.advance(SLICE_MS);
      }
    };
    const all = Promise.all([work('a'), work('b')]);
    await turns.next();
    expect(came).toEqual(['a', 'b']);
    await all;
    expect(came).toEqual(['a', 'b', 'a', 'b']);
  });

  it('let work that has had none go before what has, but not for ever', async () => {
    const clock = new ManualClock();
    const turns = new Turns(clock);
    const came: string[] = [];
    const work = async (name: string, rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        await turns.next();
        came.push(name);
        clock.advance(SLICE_MS);
      }
    };
    const long = [work('a', 4), work('b', 4)];
    await nextTurnOfTheLoop();
    await nextTurnOfTheLoop();
    expect(came).toEqual(['a', 'b']);
    const small = ['s', 't'].map((name) => work(name, 1));
    await Promise.all([...long, ...small]);
    expect(came.slice(2)).toEqual(['s', 'a', 't', 'b', 'a', 'b', 'a', 'b']);
  });

  it('are shared by work that needs little of them', async () => {
    const clock = new ManualClock();
    const turns = new Turns(clock);
    const came: string[] = [];
    const work = async (name: string, needsMs: number): Promise<void> => {
      await turns.next();
      came.push(name);
      clock.advance(needsMs);
    };
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => work(name, 1));
    await nextTurnOfTheLoop();
    expect(came).toEqual(['a', 'b', 'c', 'd']);
    await Promise.all(all);
    expect(came).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
