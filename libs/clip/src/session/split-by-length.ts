/**
 * Cuts rows, sorted by length, into runs. A run of `n` rows costs `n * longest` tokens plus `runCost`, the fixed cost
 * of one more ONNX run in tokens. The cuts have the least total cost (dynamic programming over the last cut). Returns
 * the end of each run, exclusive; the last is `lengths.length`.
 *
 * @example
 * splitByLength([5, 5, 77], 16); // [2, 3]: padding two short rows to 77 would cost more than one more run
 */
export function splitByLength(lengths: readonly number[], runCost: number): number[] {
  const best: { cost: number; start: number }[] = [{ cost: 0, start: 0 }];
  for (let end = 1; end <= lengths.length; end++) {
    best[end] = cheapestEnding(end, lengths, best, runCost);
  }
  const ends: number[] = [];
  for (let end = lengths.length; end > 0; end = best[end]?.start ?? 0) ends.unshift(end);
  return ends;
}

/** Cuts rows, sorted by length, wherever the length changes. Returns the end of each run, exclusive. */
export function endsOfEqual(lengths: readonly number[]): number[] {
  return lengths.flatMap((length, at) => (length === lengths[at + 1] ? [] : [at + 1]));
}

/** Cuts the runs that end at `ends` again where they hold more than `rowsMax` rows. Returns all ends, exclusive. */
export function endsAtMost(ends: readonly number[], rowsMax: number): number[] {
  return ends.flatMap((end, at) => {
    const start = ends[at - 1] ?? 0;
    const cuts: number[] = [];
    for (let cut = start + rowsMax; cut < end; cut += rowsMax) cuts.push(cut);
    return end > start ? [...cuts, end] : [];
  });
}

function cheapestEnding(
  end: number,
  lengths: readonly number[],
  best: readonly { cost: number; start: number }[],
  runCost: number,
): { cost: number; start: number } {
  const longest = lengths[end - 1] ?? 0;
  let cheapest = { cost: Infinity, start: 0 };
  for (let start = 0; start < end; start++) {
    const cost = (best[start]?.cost ?? 0) + (end - start) * longest + runCost;
    if (cost < cheapest.cost) cheapest = { cost, start };
  }
  return cheapest;
}
