/** The value below which `share` (0 … 1) of the numbers lie (nearest rank); NaN of none. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}

/** To `digits` after the point, as a number. */
export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
