/** A number as JSON, Python and Node print it. */
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/**
 * How far an answer may be from a number that is shown, in units of its last digit: other processors round otherwise.
 */
const UNITS_MAX = 2;

/**
 * What is wrong with `actual` as the answer that a page shows, or undefined when it fits. White space does not count,
 * `…` stands for anything, and a number with a point is equal up to its last digit; whole numbers are equal.
 */
export function differenceFrom(shown: string, actual: string): string | undefined {
  const numbers = shown.match(NUMBER) ?? [];
  const found = new RegExp(`^${patternOf(shown)}$`, 's').exec(squeezed(actual));
  if (!found) return `expected\n${shown}\nbut the answer was\n${actual.slice(0, 2_000)}`;
  for (const [index, number] of numbers.entries()) {
    const answered = Number(found[index + 1]);
    if (Math.abs(answered - Number(number)) > toleranceOf(number))
      return `${number} is shown, the answer was ${answered}`;
  }
  return undefined;
}

function patternOf(shown: string): string {
  return squeezed(shown)
    .split(/(…|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/i)
    .map((part, index) =>
      index % 2 === 0 ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : part === '…' ? '.*?' : `(${NUMBER.source})`,
    )
    .join('');
}

function toleranceOf(number: string): number {
  const digits = /\.(\d+)/.exec(number)?.[1]?.length;
  const exponent = Number(/e([+-]?\d+)/i.exec(number)?.[1] ?? 0);
  return digits === undefined ? 0 : UNITS_MAX * 10 ** (exponent - digits);
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}
