import type { DomainError } from '#core';

/** How vectors are written. */
export const OUTPUT_FORMATS = ['parquet', 'npy'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** A row that could not be encoded. */
export interface BadRow {
  readonly id: string;
  /** Path of its file under the source; empty for folders of single files, whose ids are paths. */
  readonly file: string;
  readonly row: number;
  readonly code: DomainError['code'];
  readonly reason: string;
}

/** What one part of the output holds. */
export interface PartContent {
  readonly ids: readonly string[];
  /** One vector after another, `dimension` numbers each. */
  readonly vectors: Float32Array;
  readonly dimension: number;
  readonly model: string;
}

/** Collects the rows of one part; its memory is reserved once and used for every part. */
export class PartBuilder {
  private readonly vectors: Float32Array;
  private ids: string[] = [];
  private bad: BadRow[] = [];

  constructor(
    private readonly rowsMax: number,
    private readonly dimension: number,
    private readonly model: string,
  ) {
    this.vectors = new Float32Array(rowsMax * dimension);
  }

  get rows(): number {
    return this.ids.length + this.bad.length;
  }

  get isFull(): boolean {
    return this.rows >= this.rowsMax;
  }

  get badRows(): readonly BadRow[] {
    return this.bad;
  }

  add(id: string, embedding: Float32Array): void {
    this.vectors.set(embedding, this.ids.length * this.dimension);
    this.ids.push(id);
  }

  addBad(row: BadRow): void {
    this.bad.push(row);
  }

  /** What was added; valid until `clear`. */
  get content(): PartContent {
    const { ids, dimension, model } = this;
    return { ids, dimension, model, vectors: this.vectors.subarray(0, ids.length * dimension) };
  }

  clear(): void {
    this.ids = [];
    this.bad = [];
  }
}
