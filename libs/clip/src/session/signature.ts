import type { InferenceSession } from './onnx-runtime.js';
import { modelBroken } from '../files/json-fields.js';

/** The types of ONNX inputs for ids and masks. */
export type IntegerType = 'int32' | 'int64';

/** An input of ids, or one of the same shape, such as a mask. */
export interface IntegerInput {
  readonly name: string;
  readonly type: IntegerType;
}

/**
 * How a file takes pictures: `planes` are normalized float32; `bytes` are the RGB bytes of the square, channels last,
 * which the graph normalizes itself (immich-app's newer exports).
 */
export type PictureForm = 'planes' | 'bytes';

/** The inputs and the output of a visual ONNX file. */
export interface VisualSignature {
  readonly input: string;
  readonly form: PictureForm;
  readonly output: string;
  /** Rows of every run when the file fixes them; undefined for any number. */
  readonly batch: number | undefined;
  /** Inputs of the textual tower in the same graph. Each gets one token. */
  readonly idle: readonly IntegerInput[];
}

/** The inputs and the output of a textual ONNX file. */
export interface TextualSignature {
  readonly ids: IntegerInput;
  readonly mask: IntegerInput | undefined;
  /** BERT's segment ids. They are always 0, since a text is one segment. */
  readonly segments: IntegerInput | undefined;
  readonly output: string;
  readonly batch: number | undefined;
  /** Tokens of every row when the file fixes them; undefined for as many as the longest text needs. */
  readonly sequence: number | undefined;
  /** The picture input of the visual tower in the same graph. `side` is undefined when it is dynamic. */
  readonly idle: { readonly name: string; readonly side: number | undefined } | undefined;
}

type TensorMeta = InferenceSession.TensorValueMetadata;
type Metadata = Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>;

/** Reads a visual tower's names, types and axes from its file. Throws `unavailable` when it is no such tower. */
export function visualSignature(session: Metadata): VisualSignature {
  const { pictures, rows } = sorted(session, 'the visual ONNX file');
  const [input] = pictures;
  if (!input || pictures.length !== 1) {
    throw modelBroken('its visual ONNX file has no picture input', describe(session.inputMetadata));
  }
  return {
    input: input.name,
    form: pictureForm(input),
    output: embeddingOf(session, 'image').name,
    batch: fixed(input.shape[0]),
    idle: rows.map(integerInput),
  };
}

/** Reads a textual tower's names, types and axes from its file. Throws `unavailable` when it is no such tower. */
export function textualSignature(session: Metadata): TextualSignature {
  const { pictures, rows } = sorted(session, 'the textual ONNX file');
  const mask = rows.find(({ name }) => name.includes('mask'));
  const segments = rows.find(({ name }) => name.includes('token_type'));
  const [ids, ...rest] = rows.filter((input) => input !== mask && input !== segments);
  if (!ids || rest.length > 0 || pictures.length > 1) {
    throw modelBroken('its textual ONNX file asks for unknown inputs', describe(session.inputMetadata));
  }
  const [picture] = pictures;
  return {
    ids: integerInput(ids),
    mask: mask && integerInput(mask),
    segments: segments && integerInput(segments),
    output: embeddingOf(session, 'text').name,
    batch: fixed(ids.shape[0]),
    sequence: fixed(ids.shape[1]),
    idle: picture && { name: picture.name, side: fixed(picture.shape[2]) },
  };
}

/** Sorts inputs by their axes: pictures have four, ids and masks two. Throws `unavailable` for any other input. */
function sorted(session: Metadata, file: string): { pictures: TensorMeta[]; rows: TensorMeta[] } {
  const inputs = tensorsOf(session.inputMetadata);
  const pictures = inputs.filter(({ shape }) => shape.length === 4);
  const rows = inputs.filter(({ shape }) => shape.length === 2);
  if (pictures.length + rows.length === session.inputMetadata.length) return { pictures, rows };
  throw modelBroken(`${file} asks for unknown inputs`, describe(session.inputMetadata));
}

function pictureForm(input: TensorMeta): PictureForm {
  if (input.type === 'float32' && input.shape[3] !== 3) return 'planes';
  if (input.type === 'uint8' && (input.shape[3] === 3 || typeof input.shape[3] === 'string')) return 'bytes';
  throw modelBroken(
    `its visual ONNX file takes pictures in a form that is not known: ${input.type}`,
    describe([input]),
  );
}

/**
 * Finds the output of the pooled vector: of the outputs with two axes the one whose name says so, else the first. A
 * graph of both towers also names the tower (`text_embeds`, `image_embeddings`); without a projection (SigLIP) it is
 * `pooler_output`.
 */
function embeddingOf(session: Metadata, tower: 'text' | 'image'): TensorMeta {
  const flat = tensorsOf(session.outputMetadata).filter(({ shape }) => shape.length === 2);
  const embeddings = flat.filter(({ name }) => /embed/i.test(name));
  const output =
    embeddings.find(({ name }) => name.includes(tower)) ??
    embeddings[0] ??
    flat.find(({ name }) => name.includes('pooler')) ??
    flat[0];
  if (output) return output;
  throw modelBroken(`its ${tower} file has no output of one vector per item`, describe(session.outputMetadata));
}

function integerInput({ name, type, shape }: TensorMeta): IntegerInput {
  if (type === 'int32' || type === 'int64') return { name, type };
  throw modelBroken(`an ONNX file takes ids as ${type}`, `${name} ${type}[${shape.join(',')}]`);
}

function tensorsOf(metadata: readonly InferenceSession.ValueMetadata[]): TensorMeta[] {
  return metadata.filter((value) => value.isTensor);
}

/** Returns the size of a fixed axis; named axes and -1 are dynamic. */
function fixed(axis: number | string | undefined): number | undefined {
  return typeof axis === 'number' && axis > 0 ? axis : undefined;
}

function describe(values: readonly InferenceSession.ValueMetadata[]): string {
  return tensorsOf(values)
    .map(({ name, type, shape }) => `${name} ${type}[${shape.join(',')}]`)
    .join('; ');
}
