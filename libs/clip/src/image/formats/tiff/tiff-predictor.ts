import { imageUnreadable, tiffRefused } from '../../image-errors.js';

const NONE = 1;
const DIFFERENCES = 2;
const FLOATING = 3;

/** Rows of samples, `step` of them side by side in a pixel. */
export interface PredictedRows {
  readonly bytes: Uint8Array;
  readonly rowBytes: number;
  /** Bits of a sample. */
  readonly bits: number;
  readonly step: number;
  readonly little: boolean;
}

/**
 * Undoes TIFF's tag 317 in place: samples stored as the difference to the pixel before (2), or floating-point numbers
 * stored that way byte by byte (3). Source: "TIFF Revision 6.0", section 14, and Adobe, "TIFF Technical Note 3". Throws
 * `image_format_refused`, naming the predictor, or `image_unreadable`.
 */
export function undoPredictor(predictor: number, rows: PredictedRows): void {
  if (predictor === NONE) return;
  const undo = undoOf(predictor, rows.bits);
  if (undo === undefined) throw tiffRefused(`predictor ${predictor} on ${rows.bits}-bit samples`);
  for (let from = 0; from + rows.rowBytes <= rows.bytes.length; from += rows.rowBytes) {
    undo(rows.bytes.subarray(from, from + rows.rowBytes), rows);
  }
}

type UndoRow = (row: Uint8Array, rows: PredictedRows) => void;

function undoOf(predictor: number, bits: number): UndoRow | undefined {
  if (predictor === DIFFERENCES) {
    if (bits === 8) return addBytes;
    return bits === 16 || bits === 32 ? addWords : undefined;
  }
  return predictor === FLOATING && bits === 32 ? joinFloats : undefined;
}

function addBytes(row: Uint8Array, { step }: PredictedRows): void {
  for (let at = step; at < row.length; at++) row[at] = (row[at] ?? 0) + (row[at - step] ?? 0);
}

function addWords(row: Uint8Array, { step, bits, little }: PredictedRows): void {
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const bytes = bits / 8;
  for (let at = step * bytes; at + bytes <= row.length; at += bytes) {
    const before = at - step * bytes;
    if (bytes === 2) view.setUint16(at, view.getUint16(at, little) + view.getUint16(before, little), little);
    else view.setUint32(at, view.getUint32(at, little) + view.getUint32(before, little), little);
  }
}

/** A row stores the highest bytes of all its numbers first, then the next ones, whatever the file's byte order. */
function joinFloats(row: Uint8Array, { step, little }: PredictedRows): void {
  addBytes(row, { bytes: row, rowBytes: row.length, bits: 8, step, little });
  const count = row.length / 4;
  if (!Number.isInteger(count)) throw imageUnreadable('a row of parts of floating-point numbers');
  const planes = Uint8Array.from(row);
  for (let at = 0; at < row.length; at++) {
    const byte = little ? 3 - (at % 4) : at % 4;
    row[at] = planes[byte * count + Math.trunc(at / 4)] ?? 0;
  }
}
