/** A place of the map; both from 0 to 1. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Rounds until the map stands still. */
const ROUNDS = 120;

/**
 * Lays vectors out on a plane so that what is alike lies close: metric multidimensional scaling by SMACOF (de Leeuw
 * 1977) over the distances 1 − cosine. Pictures and texts of a CLIP model lie in two separate cones, so the mean of
 * each kind is taken off first. Yields the places after each round, so that they settle visibly.
 */
export function* layOut(vectors: readonly Float32Array[], kinds: readonly string[]): Generator<Place[], void> {
  const distances = distancesOf(centred(vectors, kinds));
  const count = vectors.length;
  let places = Array.from({ length: count }, (_, at): [number, number] => {
    const angle = (2 * Math.PI * at) / Math.max(1, count);
    return [Math.cos(angle), Math.sin(angle) * 0.9];
  });
  for (let round = 0; round < ROUNDS; round++) {
    places = places.map((place, at) => moved(place, at, places, distances));
    yield toUnit(places);
  }
}

/** The Guttman transform of one place. */
function moved(
  [x, y]: [number, number],
  at: number,
  places: readonly [number, number][],
  distances: readonly number[][],
): [number, number] {
  if (places.length < 2) return [0, 0];
  let [sumX, sumY] = [0, 0];
  places.forEach(([otherX, otherY], other) => {
    if (other === at) return;
    const now = Math.hypot(x - otherX, y - otherY) || 1e-6;
    const pull = (distances[at]?.[other] ?? 0) / now;
    sumX += otherX + pull * (x - otherX);
    sumY += otherY + pull * (y - otherY);
  });
  return [sumX / (places.length - 1), sumY / (places.length - 1)];
}

function distancesOf(vectors: readonly Float32Array[]): number[][] {
  return vectors.map((one) => vectors.map((other) => 1 - dot(one, other)));
}

/** Unit vectors, without the mean of their kind where there are several of it. */
function centred(vectors: readonly Float32Array[], kinds: readonly string[]): Float32Array[] {
  const units = vectors.map(unit);
  const means = new Map(
    [...new Set(kinds)].map((kind) => {
      const own = units.filter((_, at) => kinds[at] === kind);
      const mean = new Float32Array(own[0]?.length ?? 0);
      if (own.length > 1)
        for (const one of own) one.forEach((value, n) => (mean[n] = (mean[n] ?? 0) + value / own.length));
      return [kind, mean] as const;
    }),
  );
  return units.map((one, at) => {
    const mean = means.get(kinds[at] ?? '');
    return unit(one.map((value, n) => value - (mean?.[n] ?? 0)));
  });
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

function toUnit(places: readonly [number, number][]): Place[] {
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = Math.max(Math.max(...xs) - left, Math.max(...ys) - top) || 1;
  const [restX, restY] = [size - (Math.max(...xs) - left), size - (Math.max(...ys) - top)];
  return places.map(([x, y]) => ({ x: (x - left + restX / 2) / size, y: (y - top + restY / 2) / size }));
}
