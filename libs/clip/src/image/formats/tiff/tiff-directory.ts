import { imageUnreadable } from '../../image-errors.js';

/** Numbers of the tags that are read. Source: Adobe, "TIFF Revision 6.0", and libtiff's `tiff.h`. */
export const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planes: 284,
  predictor: 317,
  colours: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extraSamples: 338,
  sampleFormat: 339,
  lumaWeights: 529,
  subsampling: 530,
  blackAndWhite: 532,
} as const;

/** The tags of a TIFF's first page. */
export interface TiffDirectory {
  readonly bytes: Uint8Array;
  /** Whether numbers in the file, also samples, are little-endian. */
  readonly little: boolean;
  /** Returns the values of a numeric tag; none when the page lacks it. */
  readonly all: (tag: number) => readonly number[];
  /** Returns the first value of a tag, or `absent`. */
  readonly one: (tag: number, absent: number) => number;
}

/**
 * Reads the tags of the first page of a TIFF or BigTIFF. It reads no more values than the file has bytes for. Throws
 * `image_unreadable` where the file ends too early, and when a tag that is asked for holds no numbers.
 *
 * @example
 * readTiffDirectory(bytes).one(TAG.width, 0); // 640
 */
export function readTiffDirectory(bytes: Uint8Array): TiffDirectory {
  const reader = new TiffReader(bytes);
  const entries = entriesOf(reader);
  const all = (tag: number): readonly number[] => {
    const entry = entries.get(tag);
    return entry === undefined ? [] : reader.values(entry);
  };
  return { bytes, little: reader.little, all, one: (tag, absent) => all(tag)[0] ?? absent };
}

interface Entry {
  readonly type: number;
  readonly count: number;
  /** The place of the values: in the entry itself if they fit, else where it points to. */
  readonly at: number;
}

const BIG_VERSION = 43;

function entriesOf(reader: TiffReader): Map<number, Entry> {
  const isBig = reader.u16(2) === BIG_VERSION;
  const [countBytes, offsetBytes] = isBig ? [8, 8] : [2, 4];
  const page = isBig ? reader.u64(8) : reader.u32(4);
  const count = isBig ? reader.u64(page) : reader.u16(page);
  const entryBytes = 4 + 2 * offsetBytes;
  reader.check(page + countBytes, count * entryBytes);
  const entries = new Map<number, Entry>();
  for (let index = 0; index < count; index++) {
    const at = page + countBytes + index * entryBytes;
    const type = reader.u16(at + 2);
    const values = isBig ? reader.u64(at + 4) : reader.u32(at + 4);
    const inside = at + 4 + offsetBytes;
    const fits = values * (TYPES.get(type)?.bytes ?? 0) <= offsetBytes;
    const outside = isBig ? reader.u64(inside) : reader.u32(inside);
    entries.set(reader.u16(at), { type, count: values, at: fits ? inside : outside });
  }
  return entries;
}

class TiffReader {
  readonly little: boolean;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = bytes[0] === 0x49;
  }

  u16(at: number): number {
    return this.check(at, 2).getUint16(at, this.little);
  }

  u32(at: number): number {
    return this.check(at, 4).getUint32(at, this.little);
  }

  /** Returns a plain number, which can hold any place in an accepted file. */
  u64(at: number): number {
    return Number(this.check(at, 8).getBigUint64(at, this.little));
  }

  values({ type, count, at }: Entry): number[] {
    const kind = TYPES.get(type);
    if (kind === undefined) throw imageUnreadable(`a TIFF tag of type ${type}`);
    const view = this.check(at, count * kind.bytes);
    return Array.from({ length: count }, (_, index) => kind.read(view, at + index * kind.bytes, this.little));
  }

  check(at: number, length: number): DataView {
    if (at < 0 || length < 0 || at + length > this.view.byteLength) throw imageUnreadable('a TIFF that ends too early');
    return this.view;
  }
}

interface NumberType {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

const U32: NumberType = { bytes: 4, read: (view, at, little) => view.getUint32(at, little) };
const U64: NumberType = { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) };

/** The types of unsigned numbers: byte, short, long, rational, directory, and those of BigTIFF. */
const TYPES: ReadonlyMap<number, NumberType> = new Map([
  [1, { bytes: 1, read: (view, at) => view.getUint8(at) }],
  [3, { bytes: 2, read: (view, at, little) => view.getUint16(at, little) }],
  [4, U32],
  [5, { bytes: 8, read: (view, at, little) => view.getUint32(at, little) / view.getUint32(at + 4, little) }],
  [13, U32],
  [16, U64],
  [18, U64],
]);
