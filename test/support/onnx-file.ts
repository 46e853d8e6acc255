/**
 * Writes small ONNX files, so that tests can make a tower of any signature where they need it. The few fields of
 * `onnx.proto` that this takes are encoded by hand.
 */

export type ElementType = 'float32' | 'uint8' | 'int32' | 'int64';

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  /** Names are dynamic axes. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly ints?: Readonly<Record<string, number | readonly number[]>>;
}

/** A constant; with `file` its values lie in that file beside the ONNX file ("external data"). */
export interface OnnxConstant {
  readonly name: string;
  readonly type: 'float32' | 'int64';
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly file?: string;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly constants?: readonly OnnxConstant[];
}

const ELEMENT_CODES = { float32: 1, uint8: 2, int32: 6, int64: 7 } as const;
const OPSET = 17;
const IR_VERSION = 8;

/** The ONNX file of a graph. */
export function onnxFile({ nodes, inputs, outputs, constants = [] }: OnnxGraph): Buffer {
  const graph = Buffer.concat([
    ...nodes.map((node) => field(1, nodeOf(node))),
    text(2, 'graph'),
    ...constants.map((constant) => field(5, tensorOf(constant))),
    ...inputs.map((value) => field(11, valueOf(value))),
    ...outputs.map((value) => field(12, valueOf(value))),
  ]);
  return Buffer.concat([
    number(1, IR_VERSION),
    field(7, graph),
    field(8, Buffer.concat([text(1, ''), number(2, OPSET)])),
  ]);
}

/** What an external constant's file holds. */
function floatBytes(values: readonly number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}

function nodeOf({ op, inputs, outputs, ints = {} }: OnnxNode): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(ints).map(([name, value]) => field(5, attributeOf(name, value))),
  ]);
}

function attributeOf(name: string, value: number | readonly number[]): Buffer {
  if (typeof value === 'number') return Buffer.concat([text(1, name), number(3, value), number(20, 2)]);
  return Buffer.concat([text(1, name), ...value.map((each) => number(8, each)), number(20, 7)]);
}

function tensorOf({ name, type, shape, values, file }: OnnxConstant): Buffer {
  const bytes = type === 'float32' ? floatBytes(values) : Buffer.from(BigInt64Array.from(values, BigInt).buffer);
  const head = [...shape.map((size) => number(1, size)), number(2, ELEMENT_CODES[type]), text(8, name)];
  if (file === undefined) return Buffer.concat([...head, field(9, bytes)]);
  return Buffer.concat([...head, field(13, Buffer.concat([text(1, 'location'), text(2, file)])), number(14, 1)]);
}

function valueOf({ name, type, shape }: OnnxValue): Buffer {
  const axes = shape.map((axis) => field(1, typeof axis === 'number' ? number(1, axis) : text(2, axis)));
  const tensor = Buffer.concat([number(1, ELEMENT_CODES[type]), field(2, Buffer.concat(axes))]);
  return Buffer.concat([text(1, name), field(2, field(1, tensor))]);
}

function number(tag: number, value: number): Buffer {
  return Buffer.concat([varint(BigInt(tag << 3)), varint(BigInt.asUintN(64, BigInt(value)))]);
}

function text(tag: number, value: string): Buffer {
  return field(tag, Buffer.from(value, 'utf8'));
}

function field(tag: number, content: Buffer): Buffer {
  return Buffer.concat([varint(BigInt((tag << 3) | 2)), varint(BigInt(content.length)), content]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}
