import type { Schemas } from '../../api/client.js';
import type { Series } from '../../ui/chart.js';
import type { Measure, Split } from './usage-search.js';

type Row = Schemas['UsageRowView'];

/** All that belongs to one model, token, protocol or outcome. */
export interface PartSum {
  /** The id of a token, else the name itself. */
  readonly id: string;
  readonly name: string;
  readonly requests: number;
  readonly items: number;
  readonly refused: number;
}

/** Further parts of a chart are drawn together: nobody tells more colours apart. */
const SERIES_MAX = 7;

/** The sums of each part, the largest first. */
export function partSums(rows: readonly Row[], split: Split, measure: Measure): PartSum[] {
  const sums = new Map<string, PartSum>();
  for (const row of rows) {
    const id = idOf(row, split);
    const { requests = 0, items = 0, refused = 0 } = sums.get(id) ?? {};
    sums.set(id, {
      ...{ id, name: nameOf(row, split) },
      requests: requests + row.requests,
      items: items + row.items,
      refused: refused + row.refused,
    });
  }
  return [...sums.values()].sort((a, b) => b[measure] - a[measure] || (a.name < b.name ? -1 : 1));
}

/** The bars of a chart: one series a part, the small ones together. */
export function seriesOf(
  rows: readonly Row[],
  parts: readonly PartSum[],
  { split, measure, starts }: { split: Split; measure: Measure; starts: readonly number[] },
): Series[] {
  const shown = parts.slice(0, SERIES_MAX).filter((part) => part[measure] > 0);
  const places = new Map(shown.map(({ id }, at) => [id, at]));
  const at = new Map(starts.map((ms, place) => [ms, place]));
  const sums = Array.from({ length: shown.length + 1 }, () => new Array<number>(starts.length).fill(0));
  for (const row of rows) {
    const place = at.get(row.startMs) ?? at.get(row.startMs - (row.startMs % 86_400_000));
    const values = sums[places.get(idOf(row, split)) ?? shown.length];
    if (place !== undefined && values !== undefined) values[place] = (values[place] ?? 0) + row[measure];
  }
  const series = shown.map(({ name }, index) => ({ label: name, values: sums[index] ?? [] }));
  const others = sums[shown.length] ?? [];
  return others.some((value) => value > 0) ? [...series, { label: 'Others', values: others }] : series;
}

function idOf(row: Row, split: Split): string {
  return (split === 'token' ? row.tokenId : row[split]) ?? 'unknown';
}

function nameOf(row: Row, split: Split): string {
  if (split !== 'token') return row[split] ?? 'unknown';
  return row.tokenName ?? (row.tokenId === 'anonymous' ? 'Without a token' : (row.tokenId ?? 'unknown'));
}
