import { describe, expect, it } from 'vitest';
import { layOut, type Place } from './layout.js';

const at = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));
const last = (rounds: Iterable<Place[]>): Place[] => [...rounds].at(-1) ?? [];
const between = (one?: Place, other?: Place) => Math.hypot(one!.x - other!.x, one!.y - other!.y);

describe('the map', () => {
  it('puts what is alike close together', () => {
    const places = last(layOut([at(0), at(10), at(170), at(180)], ['a', 'a', 'a', 'a']));
    expect(between(places[0], places[1])).toBeLessThan(between(places[0], places[2]) / 2);
    expect(between(places[2], places[3])).toBeLessThan(between(places[1], places[2]) / 2);
  });

  it('stays within its frame, also for one vector and for equal ones', () => {
    for (const vectors of [[at(5)], [at(5), at(5)], [at(0), at(120), at(240)]]) {
      for (const place of last(
        layOut(
          vectors,
          vectors.map(() => 'a'),
        ),
      )) {
        expect(place.x).toBeGreaterThanOrEqual(0);
        expect(place.y).toBeLessThanOrEqual(1);
        expect(Number.isFinite(place.x + place.y)).toBe(true);
      }
    }
  });
});
