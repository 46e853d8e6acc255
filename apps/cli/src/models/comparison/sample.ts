import type { EncodeItem } from '#core';

/** One thing to encode with both models. */
export interface Sample {
  /** For people: which one it is. */
  readonly label: string;
  readonly item: EncodeItem;
}
