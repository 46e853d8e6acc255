import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

/** A cell of a CSV file; null is empty. */
export type CsvCell = string | number | boolean | null;

type CsvRows = Iterable<readonly CsvCell[]> | AsyncIterable<readonly CsvCell[]>;

/** A CSV file as the answer to a request, written row by row as fast as it is read. */
export function csvFile(name: string, heading: readonly string[], rows: CsvRows): StreamableFile {
  return new StreamableFile(Readable.from(csvLines(heading, rows)), {
    type: 'text/csv; charset=utf-8',
    disposition: `attachment; filename="${name}"`,
  });
}

/**
 * Writes one line of CSV (RFC 4180), with its line break. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front, which makes it a text there: names come from whoever chose them, and a formula can send what
 * stands beside it to anybody.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

async function* csvLines(heading: readonly string[], rows: CsvRows): AsyncGenerator<string> {
  yield csvLine(heading);
  for await (const row of rows) yield csvLine(row);
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^\s*[=+\-@]|^[\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
