import { describe, expect, it } from 'vitest';
import { Lane, type LanePlace } from './lane.js';

/** Room for 100 bytes, of which one caller has 50; messages are up to 50 bytes long. */
function buildLane(): Lane {
  return new Lane({ bytesMax: 100, messageBytesMax: 50 });
}

/** A message of `length` bytes of which `come` are there. */
function begun(lane: Lane, caller: string, length: number, come: number): LanePlace {
  const place = lane.open(caller, length);
  if (!lane.take(place, come)) throw new Error('no room');
  return place;
}

/** A message that has come and waits for its answer. */
function answering(lane: Lane, caller: string, length: number): LanePlace {
  const place = begun(lane, caller, length, length);
  lane.complete(place);
  return place;
}

describe('Lane', () => {
  it('gives room as bytes come: what was announced and not sent takes none', () => {
    const lane = buildLane();
    for (let at = 0; at < 8; at++) begun(lane, `slow-${at}`, 50, 3);
    expect(lane.take(lane.open('good', 50), 50)).toBe(true);
  });

  it('keeps bytes waiting while there is no room for them, and lets them in when somebody leaves', () => {
    const lane = buildLane();
    const first = answering(lane, 'ann', 50);
    answering(lane, 'bob', 40);
    const place = lane.open('cem', 20);
    expect(lane.take(place, 20)).toBe(false);
    let isIn = false;
    lane.wait(place, 20, 0, () => (isIn = true));
    expect([isIn, place.held]).toEqual([false, 0]);
    lane.leave(first);
    expect([isIn, place.held]).toEqual([true, 20]);
  });

  it('lets messages begin in the order of arrival: a small one does not overtake a large one', () => {
    const lane = buildLane();
    const first = answering(lane, 'ann', 50);
    answering(lane, 'bob', 30);
    const names: string[] = [];
    for (const [name, bytes] of [
      ['large', 40],
      ['small', 10],
    ] as const) {
      const place = lane.open(name, bytes);
      expect(lane.take(place, bytes)).toBe(false);
      lane.wait(place, bytes, 0, () => names.push(name));
    }
    expect(names).toEqual([]);
    lane.leave(first);
    expect(names).toEqual(['large', 'small']);
  });

  it('can always let one come to its end, however many have come half way', () => {
    const lane = buildLane();
    const half: LanePlace[] = [];
    const waiting = new Map<LanePlace, boolean>();
    for (let at = 0; at < 20; at++) {
      const place = lane.open(`caller-${at}`, 50);
      while (place.held < 49 && lane.take(place, 7)) waiting.set(place, false);
      if (place.held > 0) half.push(place);
    }
    expect(half.length).toBeGreaterThan(1);
    // Everybody wants the rest of it, piece by piece, and leaves as soon as it is there.
    const open = new Set(half);
    for (let round = 0; round < 1_000 && open.size > 0; round++) {
      for (const place of open) {
        if (place.held >= 50) {
          lane.complete(place);
          lane.leave(place);
          open.delete(place);
        } else lane.take(place, Math.min(7, 50 - place.held));
      }
    }
    expect(open.size).toBe(0);
  });

  it('keeps half of the room free of what one caller holds, and one of its messages can come to its end', () => {
    const lane = buildLane();
    const places = [lane.open('ann', 40), lane.open('ann', 40), lane.open('ann', 40)];
    for (let round = 0; round < 40; round++) for (const place of places) if (place.held < 40) lane.take(place, 1);
    expect(places.reduce((sum, { held }) => sum + held, 0)).toBeLessThanOrEqual(50);
    expect(places.some(({ held }) => held === 40)).toBe(true);
    expect(lane.take(lane.open('bob', 50), 50)).toBe(true);
  });

  it('lets others begin while a caller waits for messages of its own', () => {
    const lane = buildLane();
    answering(lane, 'ann', 50);
    const more = lane.open('ann', 10);
    expect(lane.take(more, 10)).toBe(false);
    lane.wait(more, 10, 0, () => undefined);
    expect(lane.take(lane.open('bob', 10), 10)).toBe(true);
  });

  it('lets a lone message in, however large: its own limit bounds it', () => {
    const lane = new Lane({ bytesMax: 10, messageBytesMax: 5 });
    expect(lane.take(lane.open('ann', 1_000), 1_000)).toBe(true);
  });

  it('gives a place back once, however often it is left, and forgets who stops to wait', () => {
    const lane = buildLane();
    const first = answering(lane, 'ann', 50);
    const second = answering(lane, 'bob', 50);
    const waiting = lane.open('cem', 10);
    lane.wait(waiting, 10, 0, () => expect.unreachable());
    lane.leave(waiting);
    for (let time = 0; time < 3; time++) lane.leave(first);
    answering(lane, 'dan', 50);
    expect(lane.take(lane.open('eve', 1), 1)).toBe(false);
    lane.leave(second);
  });
});
