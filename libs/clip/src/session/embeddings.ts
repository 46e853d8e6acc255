import { Tensor } from './onnx-runtime.js';
import { modelBroken } from '../files/json-fields.js';
import { halfFloat } from '../tensor/half-float.js';

/**
 * The first `count` rows of a tower's answer, each in memory of its own. Half precision is widened, so that callers
 * always see float32. Throws `unavailable` when the file answers in another shape or type.
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

/** IEEE 754 binary16 to binary32. */
export function halvesToFloats(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, halfFloat);
}
