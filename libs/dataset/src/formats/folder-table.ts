import { DomainError } from '#core';
import type { FileStore } from '../files/file-store.js';
import { badRow, imageContent, ITEM_BYTES_MAX, textContent, tooLarge } from '../rows/content.js';
import type { RowContent, SourceTable } from '../rows/source-row.js';
import { kindOfName } from './dataset-format.js';

/** Which files of a folder are encoded. */
export type FolderPart = 'images' | 'texts';

/** All pictures and `.txt` files below a folder as one table, a file a row, named by their paths. */
export function folderTable(store: FileStore, only: FolderPart | undefined): SourceTable {
  return {
    name: '',
    bytes: 0,
    async *rows(isWanted) {
      let row = 0;
      for await (const { name, bytes } of store.list()) {
        const kind = kindOfName(name);
        if (kind === undefined || (only !== undefined && only !== `${kind}s`)) continue;
        if (isWanted(row)) yield { row, id: name, content: await read(store, name, kind, bytes) };
        row += 1;
      }
    },
  };
}

async function read(store: FileStore, name: string, kind: 'image' | 'text', size: number): Promise<RowContent> {
  if (size > ITEM_BYTES_MAX) return tooLarge(size);
  try {
    const bytes = await store.readWhole(name, ITEM_BYTES_MAX);
    if (!bytes) return badRow('image_unreadable', 'The file has gone.');
    return kind === 'image' ? imageContent(bytes) : decodeText(bytes);
  } catch (thrown) {
    // A store that is away is no fault of the row.
    if (thrown instanceof DomainError && thrown.code !== 'image_too_large') throw thrown;
    return thrown instanceof DomainError ? { error: thrown } : badRow('image_unreadable', 'The file cannot be read.');
  }
}

/** A text file; UTF-8, with or without a byte order mark. */
export function decodeText(bytes: Uint8Array): RowContent {
  try {
    return textContent(new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, ''));
  } catch {
    return badRow('invalid_argument', 'The text is not UTF-8.');
  }
}
