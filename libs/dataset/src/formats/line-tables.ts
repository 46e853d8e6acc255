import type { FileStore, StoredFile } from '../files/file-store.js';
import { badRow, contentOf, ITEM_BYTES_MAX } from '../rows/content.js';
import { chooseField, type ChosenField, type FieldChoice } from '../rows/field-choice.js';
import type { SourceRow, SourceTable } from '../rows/source-row.js';
import { streamUnpacked } from './decompress.js';
import { decodeText } from './folder-table.js';
import { linesOf } from './lines.js';
import { damaged, idOf, isName, placeOf, type TableFile } from './table-file.js';

/** A line may hold a picture of `ITEM_BYTES_MAX` in base64, and as much again. */
const LINE_BYTES_MAX = ITEM_BYTES_MAX * 2;

/** A text file with one text a line; lines without any text are no rows. */
export function linesTable(store: FileStore, file: StoredFile): SourceTable {
  return {
    ...file,
    async *rows(isWanted) {
      for await (const { line, row } of numbered(store, file)) {
        if (isWanted(row))
          yield { row, id: idOf(file, row), content: line ? decodeText(line) : badRow('invalid_argument', TOO_LONG) };
      }
    },
  };
}

/** JSON Lines: one object a line. A line that is no object is a bad row; empty lines are no rows. */
export function jsonLinesTable(source: TableFile): SourceTable {
  const { store, file, choice } = source;
  const place = placeOf(source);
  return {
    ...file,
    async *rows(isWanted) {
      let field: ChosenField | undefined;
      for await (const { line, row } of numbered(store, file)) {
        if (!isWanted(row)) continue;
        const bad = (reason: string): SourceRow => ({
          row,
          id: idOf(file, row),
          content: badRow('invalid_argument', reason),
        });
        const record = line && parseRecord(line);
        if (!record) {
          yield bad(line ? 'The line is not a JSON object.' : TOO_LONG);
          continue;
        }
        field ??= fieldOf(record, choice);
        const id = choice.idField === undefined ? undefined : record[choice.idField];
        if (choice.idField !== undefined && !isName(id)) yield bad(`The field ${choice.idField} names no row.`);
        else
          yield {
            row,
            id: id === undefined ? idOf(file, row) : String(id),
            content: await contentOf(field.kind, record[field.name], place),
          };
      }
    },
  };
}

const TOO_LONG = `The line has more than ${LINE_BYTES_MAX} bytes.`;

async function* numbered(store: FileStore, file: StoredFile) {
  let row = 0;
  const stream = await streamUnpacked(store, file.name);
  try {
    for await (const line of linesOf(stream, LINE_BYTES_MAX)) {
      if (line && isBlank(line)) continue;
      yield { line, row };
      row += 1;
    }
  } catch (thrown) {
    throw damaged(`${file.name} cannot be read to its end`, thrown);
  } finally {
    stream.destroy();
  }
}

function isBlank(line: Buffer): boolean {
  return line.length < 64 && line.toString('latin1').trim() === '';
}

/** A named field may be missing from some lines; the usual names are looked for in the first line that is read. */
function fieldOf(record: Readonly<Record<string, unknown>>, choice: FieldChoice): ChosenField {
  const { imageField, textField } = choice;
  if (imageField !== undefined) return { name: imageField, kind: 'image' };
  if (textField !== undefined) return { name: textField, kind: 'text' };
  return chooseField(Object.keys(record), choice);
}

function parseRecord(line: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
