import { describe, expect, it } from 'vitest';
import { BodyLane, type LanePlace } from './body-lane.js';

const { signal } = new AbortController();

/** Who of several waits has got in so far, by name, in that order. */
function order(): { names: string[]; note: (name: string, wait: Promise<LanePlace>) => Promise<LanePlace> } {
  const names: string[] = [];
  const note = async (name: string, wait: Promise<LanePlace>): Promise<LanePlace> => {
    const place = await wait;
    names.push(name);
    return place;
  };
  return { names, note };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A place for a body that has arrived and waits for its answer. */
function answering(lane: BodyLane, caller: string, bytes: number): LanePlace {
  const place = lane.enter(caller, bytes);
  if (!place) throw new Error('no room');
  lane.complete(place, bytes);
  return place;
}

describe('BodyLane', () => {
  it('lets a body wait until there is room for all of it, and has it again for what left', async () => {
    const lane = new BodyLane(10);
    const first = answering(lane, 'ann', 8);
    expect(lane.enter('bob', 3)).toBeUndefined();
    const wait = lane.wait('bob', 3, signal);
    lane.leave(first);
    expect((await wait).bytes).toBe(3);
  });

  it('lets bodies in in the order of arrival: a small one does not overtake a large one', async () => {
    const lane = new BodyLane(10);
    const { names, note } = order();
    const first = answering(lane, 'ann', 6);
    const large = note('large', lane.wait('bob', 8, signal));
    const small = note('small', lane.wait('cem', 2, signal));
    expect(lane.enter('dan', 1)).toBeUndefined();
    await settled();
    expect(names).toEqual([]);
    lane.leave(first);
    await Promise.all([large, small]);
    expect(names).toEqual(['large', 'small']);
  });

  it('keeps half of the room free of what one caller is still sending, also while that caller waits', async () => {
    const lane = new BodyLane(10);
    const slow = lane.enter('slow', 5);
    const { names, note } = order();
    const wait = note('slow', lane.wait('slow', 1, signal));
    expect(lane.enter('ann', 5)).toBeDefined();
    await settled();
    expect(names).toEqual([]);
    if (slow) lane.leave(slow);
    await wait;
  });

  it('gives a caller the room of the others for bodies that have arrived', () => {
    const lane = new BodyLane(10);
    for (let time = 0; time < 2; time++) answering(lane, 'ann', 5);
    expect(lane.enter('ann', 1)).toBeUndefined();
  });

  it('lets a lone body in, however large: its own limit bounds it', async () => {
    const lane = new BodyLane(10);
    const first = lane.enter('ann', 1_000);
    expect(first).toBeDefined();
    const next = lane.wait('ann', 1_000, signal);
    if (first) lane.leave(first);
    expect((await next).bytes).toBe(1_000);
  });

  it('grows a place only within the room, and counts what arrived instead of what was announced', () => {
    const lane = new BodyLane(10);
    const first = lane.enter('ann', 0);
    if (!first) throw new Error('no room');
    expect([lane.grow(first, 4), lane.grow(first, 6), first.bytes]).toEqual([true, false, 4]);
    lane.complete(first, 2);
    expect(lane.enter('bob', 8)).toBeDefined();
  });

  it('gives a place back once, however often it is left', () => {
    const lane = new BodyLane(10);
    const first = answering(lane, 'ann', 6);
    for (let time = 0; time < 3; time++) lane.leave(first);
    answering(lane, 'ann', 10);
    expect(lane.enter('ann', 1)).toBeUndefined();
  });

  it('forgets who stops to wait, and lets in who waited behind', async () => {
    const lane = new BodyLane(10);
    answering(lane, 'ann', 6);
    const gone = new AbortController();
    const large = lane.wait('bob', 8, gone.signal);
    const small = lane.wait('cem', 2, signal);
    gone.abort(new Error('hung up'));
    await expect(large).rejects.toThrow('hung up');
    expect((await small).caller).toBe('cem');
  });
});
