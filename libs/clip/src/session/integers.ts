import { Tensor } from './onnx-runtime.js';
import type { IntegerType } from './signature.js';

/** Rows of unequal length as one tensor; what they leave free, and rows that only fill a fixed batch, hold `fill`. */
export function integers(
  type: IntegerType,
  [height, width]: readonly [number, number],
  fill: number,
  rows: readonly (readonly number[])[],
  valueOf: (id: number) => number,
): Tensor {
  const values = new Int32Array(height * width).fill(fill);
  rows.forEach((row, y) => row.forEach((id, x) => (values[y * width + x] = valueOf(id))));
  if (type === 'int32') return new Tensor('int32', values, [height, width]);
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [height, width]);
}
