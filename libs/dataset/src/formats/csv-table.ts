import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import type { FileStore, StoredFile } from '../files/file-store.js';
import { badRow, contentOf, ITEM_BYTES_MAX } from '../rows/content.js';
import { chooseField, requireColumn } from '../rows/field-choice.js';
import type { SourceTable } from '../rows/source-row.js';
import { streamUnpacked } from './decompress.js';
import { damaged, idOf, placeOf, type TableFile } from './table-file.js';

/**
 * CSV with a line of names first; tab-separated when the name ends in `.tsv`. Quotes as in RFC 4180. A record with more
 * or fewer fields than there are names is a bad row; a quote that never ends spoils the file.
 */
export function csvTable(source: TableFile): SourceTable {
  const { store, file, choice } = source;
  const place = placeOf(source);
  return {
    ...file,
    async *rows(isWanted) {
      let names: readonly string[] | undefined;
      let row = 0;
      for await (const record of recordsOf(store, file)) {
        if (!names) {
          names = record;
          if (choice.idField !== undefined) requireColumn(names, choice.idField);
          chooseField(names, choice);
          continue;
        }
        const here = row++;
        if (!isWanted(here)) continue;
        if (record.length !== names.length) {
          const text = `The record has ${record.length} fields, and the first line names ${names.length}.`;
          yield { row: here, id: idOf(file, here), content: badRow('invalid_argument', text) };
          continue;
        }
        const field = chooseField(names, choice);
        const id = choice.idField === undefined ? idOf(file, here) : (record[names.indexOf(choice.idField)] ?? '');
        if (id === '')
          yield { row: here, id: idOf(file, here), content: badRow('invalid_argument', 'The id is empty.') };
        else yield { row: here, id, content: await contentOf(field.kind, record[names.indexOf(field.name)], place) };
      }
    },
  };
}

async function* recordsOf(store: FileStore, file: StoredFile): AsyncGenerator<readonly string[]> {
  const parser = parse({
    bom: true,
    delimiter: /\.tsv(\.(gz|zst))?$/i.test(file.name) ? '\t' : ',',
    max_record_size: ITEM_BYTES_MAX * 2,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const stream = await streamUnpacked(store, file.name);
  pipeline(stream, parser, () => undefined);
  try {
    for await (const record of parser) if (isRecord(record)) yield record;
  } catch (thrown) {
    throw damaged(`${file.name} cannot be read to its end`, thrown);
  } finally {
    stream.destroy();
  }
}

function isRecord(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((field) => typeof field === 'string');
}
