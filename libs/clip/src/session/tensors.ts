import { modelBroken } from '../files/json-fields.js';
import { halfFloat } from '../tensor/array-elements.js';
import { Tensor } from './onnx-runtime.js';
import type { IntegerType } from './signature.js';

/**
 * Makes one tensor `[height, width]` of rows that may be shorter. Free cells hold `fill`, and so do the rows that only
 * fill a fixed batch. `valueOf` maps an id to what is stored: the id itself, or 1 for a mask.
 *
 * @example
 * integers('int64', [2, 3], 0, [[49406, 320]], (id) => id); // [[49406, 320, 0], [0, 0, 0]]
 */
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

/**
 * Reads the first `count` rows of a tower's answer, each into memory of its own. Half precision is widened, so that
 * callers always see float32. Throws `unavailable` when the file answers in another shape or type.
 */
export function embeddingsOf(output: unknown, count: number, dimension: number): Float32Array[] {
  if (!(output instanceof Tensor)) throw modelBroken('an ONNX file gives no tensor', String(output));
  const [rows, columns] = output.dims;
  if (rows === undefined || rows < count || columns !== dimension) {
    throw modelBroken(
      'an ONNX file gives vectors of another length than config.json says',
      `[${output.dims.join(',')}]`,
    );
  }
  const values = floatsOf(output);
  return Array.from({ length: count }, (_, row) => values.slice(row * dimension, (row + 1) * dimension));
}

function floatsOf(output: Tensor): Float32Array {
  const { data } = output;
  if (data instanceof Float32Array) return data;
  if (output.type === 'float16' && ArrayBuffer.isView(data)) {
    return halvesToFloats(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2));
  }
  throw modelBroken(`an ONNX file answers in ${output.type}`, output.type);
}

/** Widens IEEE 754 binary16 to binary32. */
export function halvesToFloats(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, halfFloat);
}
