import type { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import type { DomainError } from '#core';
import type { FileStore, StoredFile } from '../files/file-store.js';
import { badRow, imageContent, ITEM_BYTES_MAX, tooLarge } from '../rows/content.js';
import type { FieldChoice } from '../rows/field-choice.js';
import type { RowContent, SourceRow, SourceTable } from '../rows/source-row.js';
import { kindOfName } from './dataset-format.js';
import { streamUnpacked } from './decompress.js';
import { decodeText } from './folder-table.js';
import { damaged } from './table-file.js';

/**
 * A tar as webdataset writes and reads it: members that follow each other and share a key are one sample. The key is
 * the path up to the first dot of its last part, so `cat.v1.jpg` and `cat.v2.jpg` are one sample `cat` with the fields
 * `v1.jpg` and `v2.jpg`; such a sample is a bad row until the caller names the field, and nothing is lost in silence.
 */
export function tarTable(store: FileStore, file: StoredFile, choice: FieldChoice): SourceTable {
  return {
    ...file,
    async *rows(isWanted) {
      let sample: Sample | undefined;
      let row = -1;
      for await (const member of members(await streamUnpacked(store, file.name), file.name)) {
        const { key, field } = splitName(member.header.name);
        if (sample?.key !== key) {
          if (sample && isWanted(row)) yield sample.asRow(row);
          sample = new Sample(key, choice);
          row += 1;
        }
        if (isWanted(row)) await sample.add(field, member);
      }
      if (sample && isWanted(row)) yield sample.asRow(row);
    },
  };
}

/** One member of a tar; `bytes` reads it, or is not called and it is passed over. */
interface Member {
  readonly header: Header;
  bytes(): Promise<Uint8Array>;
}

/** Every regular file of a tar, in order; the next begins when the one before was read or passed over. */
async function* members(stream: Readable, name: string): AsyncGenerator<Member> {
  const unpack = extract();
  stream.on('error', (err) => unpack.destroy(err));
  stream.pipe(unpack);
  try {
    for await (const entry of unpack) {
      const { header } = entry;
      let isRead = false;
      if (isSampleFile(header)) {
        yield {
          header,
          bytes: async () => {
            isRead = true;
            return collected(entry, name);
          },
        };
      }
      if (!isRead) entry.resume();
    }
  } catch (thrown) {
    throw notWhole(name, thrown);
  } finally {
    stream.destroy();
    unpack.destroy();
  }
}

async function collected(entry: AsyncIterable<unknown>, name: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of entry) if (piece instanceof Uint8Array) pieces.push(piece);
  } catch (thrown) {
    throw notWhole(name, thrown);
  }
  return Buffer.concat(pieces);
}

function notWhole(name: string, thrown: unknown): DomainError {
  return damaged(`${name} is not a whole tar file`, thrown);
}

function isSampleFile({ type, name }: Header): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1);
  // As webdataset: `__name__` and what lies in such a folder are notes; names without an extension have no field.
  return (type === 'file' || type === 'contiguous-file') && !/^__[^/]*__($|\/)/.test(name) && base.lastIndexOf('.') > 0;
}

/** `a/b.c/cat.v1.jpg` has the key `a/b.c/cat` and the field `v1.jpg`. */
function splitName(path: string): { readonly key: string; readonly field: string } {
  const name = path.replace(/^(\.\/)+/, '');
  const dot = name.indexOf('.', name.lastIndexOf('/') + 1);
  return { key: name.slice(0, dot), field: name.slice(dot + 1).toLowerCase() };
}

/** The members of one key; holds only the content of the field that is encoded. */
class Sample {
  private content: RowContent | undefined;
  private found: { readonly field: string; readonly kind: 'image' | 'text' } | undefined;

  constructor(
    readonly key: string,
    private readonly choice: FieldChoice,
  ) {}

  async add(field: string, member: Member): Promise<void> {
    const kind = this.kindOf(field);
    if (kind === undefined) return;
    if (this.found?.kind === 'image' && kind === 'text') return;
    if (this.found?.kind === kind) {
      this.content = badRow(
        'invalid_argument',
        `The sample has several ${kind === 'image' ? 'pictures' : 'texts'} (${this.found.field}, ${field}): a key ends at the first dot of a name. ` +
          `Name the one to encode with --${kind}-field.`,
      );
      return;
    }
    this.found = { field, kind };
    const size = member.header.size ?? 0;
    if (size > ITEM_BYTES_MAX) this.content = tooLarge(size);
    else this.content = kind === 'image' ? imageContent(await member.bytes()) : decodeText(await member.bytes());
  }

  asRow(row: number): SourceRow {
    const wanted = this.choice.imageField ?? this.choice.textField;
    const missing =
      wanted === undefined ? 'The sample has neither a picture nor a text.' : `The sample has no ${wanted}.`;
    return { row, id: this.key, content: this.content ?? badRow('item_empty', missing) };
  }

  /** Whether a field is the one to encode: the caller's, else pictures, and texts of samples without any. */
  private kindOf(field: string): 'image' | 'text' | undefined {
    const { imageField, textField } = this.choice;
    if (imageField !== undefined) return field === imageField.toLowerCase() ? 'image' : undefined;
    if (textField !== undefined) return field === textField.toLowerCase() ? 'text' : undefined;
    return kindOfName(`.${field}`);
  }
}
