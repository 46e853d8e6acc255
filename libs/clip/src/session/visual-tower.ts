import { DomainError, forEachLimited, type EncodeItem } from '#core';
import { type InferenceSession, Tensor } from './onnx-runtime.js';
import { CostlyPictures } from '../image/cost/costly-pictures.js';
import { COSTLY_MS, costOf } from '../image/cost/decoding-cost.js';
import type { ImageLimits } from '../image/image-limits.js';
import { loadSquare, squareOfPixels } from '../image/load-square.js';
import type { Preprocessing } from '../files/preprocessing.js';
import { embeddingsOf, integers } from './tensors.js';
import { type Encoded, encodedInOrder } from './encoded.js';
import { BufferPool, normalizeInto, type PictureRows } from './picture-rows.js';
import { type IntegerInput, type VisualSignature, visualSignature } from './signature.js';

/** Pictures, decoded and normalized. Only the tower that made the batch reads it. */
export interface VisualBatch {
  readonly tower: 'visual';
  /** How many items the batch was made from. */
  readonly size: number;
  /** The items that could be decoded, in the order of their rows in `input`. */
  readonly items: readonly number[];
  readonly errors: ReadonlyMap<number, DomainError>;
  /** The squares of the items that want them. */
  readonly squares: ReadonlyMap<number, Uint8Array>;
  /** Rows of `3 * side * side` numbers, or of as many bytes. The tower reuses it after the run. */
  readonly input: PictureRows;
}

/** Decoded pictures are large, and libuv decodes no more than this many at a time anyway. */
const DECODED_AT_ONCE = 4;

/** The half of a model that encodes pictures. */
export class VisualTower {
  private readonly signature: VisualSignature;
  private readonly buffers: BufferPool<PictureRows>;
  private readonly costly: CostlyPictures;

  constructor(
    private readonly session: InferenceSession,
    private readonly preprocessing: Preprocessing,
    private readonly limits: ImageLimits,
    private readonly dimension: number,
    /** Most pictures of one ONNX run when the batch axis is dynamic; larger batches take several runs. */
    private readonly rowsPerRun: number,
  ) {
    this.signature = visualSignature(session);
    this.costly = new CostlyPictures(preprocessing, limits);
    const { form } = this.signature;
    this.buffers = new BufferPool((length) => (form === 'bytes' ? new Uint8Array(length) : new Float32Array(length)));
  }

  /** Decodes and preprocesses, and keeps the errors per item. Never rejects because of an item. */
  async prepare(items: readonly EncodeItem[]): Promise<VisualBatch> {
    const input = this.buffers.acquire(this.paddedRows(items.length) * this.rowSize);
    const errors = new Map<number, DomainError>();
    const squares = new Map<number, Uint8Array>();
    await forEachLimited(items, DECODED_AT_ONCE, async (item, at) => {
      try {
        const square = await this.squareOf(item);
        this.fill(this.row(input, at), square);
        if (item.kind === 'image' && item.wantsSquare) squares.set(at, square);
      } catch (thrown) {
        errors.set(at, DomainError.from(thrown));
      }
    });
    const good = items.map((_, at) => at).filter((at) => !errors.has(at));
    good.forEach((at, row) => input.copyWithin(row * this.rowSize, at * this.rowSize, (at + 1) * this.rowSize));
    return { tower: 'visual', size: items.length, items: good, errors, squares, input };
  }

  /** Returns one result per item of the batch, in their order. Rejects when the ONNX run itself fails. */
  async run(batch: VisualBatch): Promise<Encoded[]> {
    const rows = batch.items.length;
    const step = this.signature.batch ?? this.rowsPerRun;
    const embeddings = new Map<number, Float32Array>();
    for (let from = 0; from < rows; from += step) {
      const items = batch.items.slice(from, from + step);
      const vectors = await this.runRows(batch.input, from, items.length);
      vectors.forEach((vector, row) => embeddings.set(items[row] ?? -1, vector));
    }
    this.buffers.release(batch.input);
    return encodedInOrder(batch.size, embeddings, batch.errors).map((encoded, at) => {
      const square = batch.squares.get(at);
      return encoded.ok && square ? { ...encoded, square } : encoded;
    });
  }

  /** Ends the thread for costly pictures. The owner of the session releases that. */
  close(): Promise<void> {
    return this.costly.close();
  }

  private async runRows(input: PictureRows, from: number, count: number): Promise<Float32Array[]> {
    const side = this.preprocessing.cropTo;
    const rows = this.signature.batch ?? count;
    const data = input.subarray(from * this.rowSize, (from + rows) * this.rowSize);
    const picture =
      data instanceof Uint8Array
        ? new Tensor('uint8', data, [rows, side, side, 3])
        : new Tensor('float32', data, [rows, 3, side, side]);
    const feeds = { [this.signature.input]: picture, ...this.idleFeeds(rows) };
    const outputs = await this.session.run(feeds, [this.signature.output]);
    return embeddingsOf(outputs[this.signature.output], count, this.dimension);
  }

  private fill(row: PictureRows, square: Uint8Array): void {
    if (row instanceof Float32Array) normalizeInto(row, square, this.preprocessing);
    else row.set(square);
  }

  /** The textual tower of the same graph gets one token a row, since it takes no empty rows. */
  private idleFeeds(rows: number): Record<string, Tensor> {
    const one = ({ type }: IntegerInput) => integers(type, [rows, 1], 1, [], () => 1);
    return Object.fromEntries(this.signature.idle.map((input) => [input.name, one(input)]));
  }

  private async squareOf(item: EncodeItem): Promise<Uint8Array> {
    if (item.kind === 'text') throw new DomainError('invalid_argument', 'A text cannot be encoded as an image.');
    if (item.kind === 'pixels' && item.isSquare) return this.checkedSquare(item.pixels.data);
    const { workMs, bytes } = costOf(item, this.preprocessing.kernel === 'bilinear');
    if (workMs > COSTLY_MS) return this.costly.load(item, bytes);
    if (item.kind === 'image') return loadSquare(item.bytes, this.preprocessing, this.limits);
    return squareOfPixels(item.pixels, this.preprocessing, this.limits);
  }

  private checkedSquare(square: Uint8Array): Uint8Array {
    if (square.length === this.rowSize) return square;
    throw new DomainError('tensor_invalid', 'The square is not of the size that the model sees.');
  }

  private row(input: PictureRows, at: number): PictureRows {
    return input.subarray(at * this.rowSize, (at + 1) * this.rowSize);
  }

  private get rowSize(): number {
    return 3 * this.preprocessing.cropTo ** 2;
  }

  private paddedRows(count: number): number {
    const batch = this.signature.batch ?? 1;
    return Math.ceil(count / batch) * batch;
  }
}
