import type { QueryField } from './language.js';

const NUMBER = /^(\d+(?:\.\d+)?|\.\d+)([a-zµ%]*)$/;

/** Milliseconds of a unit. Microseconds may be written in either way. */
const UNITS_MS: Readonly<Record<string, number>> = {
  ...{ us: 0.001, µs: 0.001, ms: 1, '': 1 },
  ...{ s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 },
};

/** Reads `50ms`, `1.5s`, `0.3`, `30%` or `12`, as its kind wants it; undefined for anything else. */
export function parseQuantity(text: string, kind: QueryField['kind']): number | undefined {
  const [, digits, unit = ''] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  if (kind === 'duration') {
    const factor = UNITS_MS[unit];
    return factor === undefined ? undefined : rounded(value * factor);
  }
  if (kind === 'share') {
    const share = unit === '%' ? rounded(value / 100) : unit === '' ? value : undefined;
    return share !== undefined && share <= 1 ? share : undefined;
  }
  return unit === '' ? value : undefined;
}

/** Writes a number so that `parseQuantity` reads the same. */
export function printQuantity(value: number, kind: QueryField['kind']): string {
  if (kind !== 'duration') return String(value);
  if (value >= 1000 && value % 100 === 0) return `${value / 1000}s`;
  return `${value}ms`;
}

/** Floating point makes 0.07 of 7 % something with sixteen digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
