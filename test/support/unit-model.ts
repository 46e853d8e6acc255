import { immichRepository, type RepositoryFiles } from './model-repositories.js';
import { onnxFile, type OnnxNode } from './onnx-file.js';

const SIDE = 4;
const DIMENSION = 3;

/**
 * A model whose vectors have length 1, which its config.json does not say: the mean of each channel, and the same for
 * every text.
 */
export function unitRepository(): RepositoryFiles {
  return { ...immichRepository(), 'visual/model.onnx': visualTower(), 'textual/model.onnx': textualTower() };
}

function visualTower(): Buffer {
  return onnxFile({
    nodes: [
      { op: 'ReduceMean', inputs: ['image'], outputs: ['means'], ints: { axes: [2, 3], keepdims: 0 } },
      unitLength('means'),
    ],
    inputs: [{ name: 'image', type: 'float32', shape: ['batch', 3, SIDE, SIDE] }],
    outputs: [{ name: 'embedding', type: 'float32', shape: ['batch', DIMENSION] }],
  });
}

function textualTower(): Buffer {
  return onnxFile({
    nodes: [
      { op: 'Cast', inputs: ['text'], outputs: ['ids'], ints: { to: 1 } },
      { op: 'ReduceSum', inputs: ['ids', 'columns'], outputs: ['sum'], ints: { keepdims: 1 } },
      { op: 'Concat', inputs: ['sum', 'sum', 'sum'], outputs: ['sums'], ints: { axis: 1 } },
      unitLength('sums'),
    ],
    inputs: [{ name: 'text', type: 'int32', shape: ['batch', 'sequence'] }],
    outputs: [{ name: 'embedding', type: 'float32', shape: ['batch', DIMENSION] }],
    constants: [{ name: 'columns', type: 'int64', shape: [1], values: [1] }],
  });
}

/** Over the last axis, by the squares: what the operator does by itself. */
function unitLength(input: string): OnnxNode {
  return { op: 'LpNormalization', inputs: [input], outputs: ['embedding'] };
}
