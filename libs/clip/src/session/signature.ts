import type { InferenceSession } from 'onnxruntime-node';
import { modelBroken } from '../json-fields.js';

/** Types of an ONNX input that ids and masks come in. */
export type IntegerType = 'int32' | 'int64';

/** What `visual.onnx` asks for and answers. */
export interface VisualSignature {
  readonly input: string;
  readonly output: string;
  /** Rows of every run when the file fixes them; undefined: any number. */
  readonly batch: number | undefined;
}

/** What `textual.onnx` asks for and answers. */
export interface TextualSignature {
  readonly ids: { readonly name: string; readonly type: IntegerType };
  readonly mask: { readonly name: string; readonly type: IntegerType } | undefined;
  readonly output: string;
  readonly batch: number | undefined;
  /** Tokens of every row when the file fixes them; undefined: as many as the longest text needs. */
  readonly sequence: number | undefined;
}

type TensorMeta = InferenceSession.TensorValueMetadata;
type Metadata = Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>;

/** Reads a visual tower's names and axes from its file. Throws `unavailable` when it is no such tower. */
export function visualSignature(session: Metadata): VisualSignature {
  const inputs = tensorsOf(session.inputMetadata);
  const input = inputs.find((tensor) => tensor.shape.length === 4);
  if (!input || inputs.length !== 1) throw modelBroken('visual.onnx has no picture input', describe(inputs));
  if (input.type !== 'float32')
    throw modelBroken(`visual.onnx takes ${input.type} instead of float32`, describe(inputs));
  const output = embeddingOf(session, 'visual.onnx');
  return { input: input.name, output: output.name, batch: fixed(input.shape[0]) };
}

/** Reads a textual tower's names and axes from its file. Throws `unavailable` when it is no such tower. */
export function textualSignature(session: Metadata): TextualSignature {
  const inputs = tensorsOf(session.inputMetadata);
  const mask = inputs.find((tensor) => tensor.name.includes('mask'));
  const ids = inputs.find((tensor) => tensor !== mask);
  if (!ids || inputs.length > (mask ? 2 : 1))
    throw modelBroken('textual.onnx asks for unknown inputs', describe(inputs));
  const output = embeddingOf(session, 'textual.onnx');
  return {
    ids: { name: ids.name, type: integerType(ids) },
    mask: mask && { name: mask.name, type: integerType(mask) },
    output: output.name,
    batch: fixed(ids.shape[0]),
    sequence: fixed(ids.shape[1]),
  };
}

/** The pooled vector: of the outputs with two axes, the one whose name says so, else the first. */
function embeddingOf(session: Metadata, file: string): TensorMeta {
  const outputs = tensorsOf(session.outputMetadata);
  const flat = outputs.filter((tensor) => tensor.shape.length === 2);
  const output = flat.find((tensor) => /embed/i.test(tensor.name)) ?? flat[0];
  if (!output) throw modelBroken(`${file} has no output of one vector per item`, describe(outputs));
  return output;
}

function integerType(tensor: TensorMeta): IntegerType {
  if (tensor.type === 'int32' || tensor.type === 'int64') return tensor.type;
  throw modelBroken(`textual.onnx takes ids as ${tensor.type}`, describe([tensor]));
}

function tensorsOf(metadata: readonly InferenceSession.ValueMetadata[]): TensorMeta[] {
  return metadata.filter((value) => value.isTensor);
}

/** Named axes and -1 are dynamic. */
function fixed(axis: number | string | undefined): number | undefined {
  return typeof axis === 'number' && axis > 0 ? axis : undefined;
}

function describe(tensors: readonly TensorMeta[]): string {
  return tensors.map(({ name, type, shape }) => `${name} ${type}[${shape.join(',')}]`).join('; ');
}
