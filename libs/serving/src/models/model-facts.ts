/** What is known of a model before it is loaded; null = nobody says. */
export interface ModelFacts {
  /** Length of its vectors. */
  readonly dimension: number | null;
  /** Side of the square that pictures are brought to, in pixels. */
  readonly imageSize: number | null;
  /** Most tokens of a text. */
  readonly contextLength: number | null;
  /** What cuts texts into tokens, such as `CLIP byte-pair encoding`. */
  readonly tokenizer: string | null;
}

/** Tells the facts of a model by its name, without loading or downloading it; undefined for one that nobody knows. */
export type FactsOf = (name: string) => Promise<ModelFacts | undefined>;
