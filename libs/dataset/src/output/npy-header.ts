/** The header of an .npy file is padded to a multiple of this (numpy/lib/format.py, version 1.0). */
const ALIGNMENT = 64;
const MAGIC = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);

/** The beginning of an .npy file with a float32 matrix of `rows` x `columns`, row by row, little-endian. */
export function npyHeader(rows: number, columns: number): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const bare = MAGIC.length + 2 + text.length + 1;
  const padding = (ALIGNMENT - (bare % ALIGNMENT)) % ALIGNMENT;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length + padding + 1);
  return Buffer.concat([MAGIC, length, Buffer.from(`${text}${' '.repeat(padding)}\n`)]);
}
