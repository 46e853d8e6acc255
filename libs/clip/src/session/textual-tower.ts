import { DomainError, type EncodeItem, type ModelInfo } from '#core';
import { type InferenceSession, Tensor } from './onnx-runtime.js';
import type { TextPadding } from '../files/layout.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { embeddingsOf, integers } from './tensors.js';
import { type Encoded, encodedInOrder } from './encoded.js';
import { type TextualSignature, textualSignature } from './signature.js';
import { endsAtMost, endsOfEqual, splitByLength } from './split-by-length.js';

/** Texts as token ids. Only the tower that made the batch reads it. */
export interface TextualBatch {
  readonly tower: 'textual';
  /** How many items the batch was made from. */
  readonly size: number;
  readonly errors: ReadonlyMap<number, DomainError>;
  readonly runs: readonly TextRun[];
}

/** Texts of similar length that share one ONNX run. */
interface TextRun {
  /** Positions of the items. */
  readonly items: readonly number[];
  readonly rows: readonly (readonly number[])[];
}

interface Row {
  readonly item: number;
  readonly ids: readonly number[];
}

/** The facts about the model that the tower needs. */
export interface TextualFacts extends Pick<ModelInfo, 'contextLength' | 'dimension' | 'imageSize'> {
  /** `longest` by default. */
  readonly padding?: TextPadding;
  /** Most rows of one run when the batch axis is dynamic; unlimited by default. */
  readonly rowsMax?: number | undefined;
}

/**
 * Side in pixels of a patch of the usual ViT, which costs a visual tower about as much as a token costs a textual one.
 */
const PATCH_SIDE = 16;

/** The half of a model that encodes texts. */
export class TextualTower {
  private readonly signature: TextualSignature;
  /** How many pictures each run takes where the graph holds the visual tower too. */
  private blankPictures: 0 | 1 = 0;

  private constructor(
    private readonly session: InferenceSession,
    private readonly tokenizer: Tokenizer,
    private readonly info: TextualFacts,
    private readonly runCostTokens: number,
  ) {
    this.signature = textualSignature(session);
  }

  /**
   * Opens the tower. It runs a graph that holds both towers once, to see whether it takes texts without a picture.
   * `runCostTokens` is the cost of one more ONNX run in tokens of work; batches are split where padding would cost
   * more. Rejects with `unavailable` when the session is no textual tower.
   */
  static async open(
    session: InferenceSession,
    tokenizer: Tokenizer,
    info: TextualFacts,
    runCostTokens: number,
  ): Promise<TextualTower> {
    const tower = new TextualTower(session, tokenizer, info, runCostTokens);
    if (tower.signature.idle && !(await tower.runsWithoutPicture())) tower.blankPictures = 1;
    return tower;
  }

  /** Tokenizes and cuts the batch into runs. Never rejects because of an item. */
  prepare(items: readonly EncodeItem[]): TextualBatch {
    const errors = new Map<number, DomainError>();
    const rows: Row[] = [];
    items.forEach((item, at) => {
      try {
        rows.push({ item: at, ids: this.idsOf(item) });
      } catch (thrown) {
        errors.set(at, DomainError.from(thrown));
      }
    });
    return { tower: 'textual', size: items.length, errors, runs: this.runsOf(rows) };
  }

  /** Returns one result per item of the batch, in their order. Rejects when the ONNX run itself fails. */
  async run(batch: TextualBatch): Promise<Encoded[]> {
    const embeddings = new Map<number, Float32Array>();
    const tokens = new Map<number, number>();
    for (const { items, rows } of batch.runs) {
      const vectors = await this.runRows(rows);
      items.forEach((item, row) => {
        const vector = vectors[row];
        if (vector) embeddings.set(item, vector);
        tokens.set(item, rows[row]?.length ?? 0);
      });
    }
    const encoded = encodedInOrder(batch.size, embeddings, batch.errors);
    return encoded.map((result, item) => (result.ok ? { ...result, tokens: tokens.get(item) ?? 0 } : result));
  }

  /** Returns the ids of a text, as many as one row takes, not padded. */
  tokenIds(text: string): readonly number[] {
    return this.tokenizer.encode(text, this.lengthMax);
  }

  private idsOf(item: EncodeItem): readonly number[] {
    if (item.kind === 'text') return this.tokenIds(item.text);
    throw new DomainError('invalid_argument', 'An image cannot be encoded as a text.');
  }

  private runsOf(rows: readonly Row[]): TextRun[] {
    const sorted = [...rows].sort((a, b) => a.ids.length - b.ids.length);
    const ends = this.endsOf(sorted);
    return ends.map((end, at) => {
      const run = sorted.slice(ends[at - 1] ?? 0, end);
      return { items: run.map(({ item }) => item), rows: run.map(({ ids }) => ids) };
    });
  }

  /** A fixed batch axis sets the rows of a run; a fixed sequence axis makes all rows equally long. */
  private endsOf(sorted: readonly Row[]): number[] {
    const { batch } = this.signature;
    if (batch !== undefined) return endsAtMost([sorted.length], batch);
    const lengths = sorted.map(({ ids }) => this.width ?? ids.length);
    const ends = this.info.padding === 'never' ? endsOfEqual(lengths) : splitByLength(lengths, this.costOfRun);
    return endsAtMost(ends, this.info.rowsMax ?? Infinity);
  }

  private async runRows(rows: TextRun['rows']): Promise<Float32Array[]> {
    const { ids, mask, segments, output, batch } = this.signature;
    const shape = [batch ?? rows.length, this.width ?? Math.max(...rows.map((row) => row.length))] as const;
    const feeds: Record<string, Tensor> = {
      [ids.name]: integers(ids.type, shape, this.tokenizer.padId, rows, (id) => id),
    };
    if (mask) feeds[mask.name] = integers(mask.type, shape, 0, rows, () => 1);
    if (segments) feeds[segments.name] = integers(segments.type, shape, 0, [], () => 0);
    const outputs = await this.session.run({ ...feeds, ...this.idleFeeds() }, [output]);
    return embeddingsOf(outputs[output], rows.length, this.info.dimension);
  }

  /** Without pictures a run takes no time for them, but a graph that reshapes them to a length of -1 fails then. */
  private async runsWithoutPicture(): Promise<boolean> {
    return this.runRows([[this.tokenizer.padId]]).then(
      () => true,
      () => false,
    );
  }

  private idleFeeds(): Record<string, Tensor> {
    const { idle } = this.signature;
    if (!idle) return {};
    const side = idle.side ?? this.info.imageSize;
    const blank = new Float32Array(this.blankPictures * 3 * side ** 2);
    return { [idle.name]: new Tensor('float32', blank, [this.blankPictures, 3, side, side]) };
  }

  private get costOfRun(): number {
    return this.runCostTokens + this.blankPictures * (this.info.imageSize / PATCH_SIDE) ** 2;
  }

  /** Tokens of every row, where all rows are equally long. */
  private get width(): number | undefined {
    return this.signature.sequence ?? (this.info.padding === 'full' ? this.info.contextLength : undefined);
  }

  private get lengthMax(): number {
    return Math.min(this.info.contextLength, this.signature.sequence ?? this.info.contextLength);
  }
}
