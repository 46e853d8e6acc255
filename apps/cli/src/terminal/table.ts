/**
 * Formats rows under a heading: columns as wide as their widest cell, two spaces between them, a line break at the end.
 *
 * @example
 * table(['NAME', 'SIZE'], [['mini-clip', '12 MB']]); // 'NAME       SIZE\nmini-clip  12 MB\n'
 */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows].map((row) => row.map(printable));
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Formats a day and time in UTC for people; `none` stands for null. */
export function formatTime(ms: number | null, none: string): string {
  return ms === null ? none : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/** Formats a time for programs: ISO 8601; null stays null. */
export function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** Makes a text printable that a server may have worded, such as a failure, and keeps its line breaks. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Replaces characters that could move the cursor or hide text on a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
