import type { ServedModel } from './calls.js';
import type { Picture } from './pictures.js';

/** A cell of a matrix whose score is to be explained. */
export interface Asked {
  readonly model: ServedModel;
  readonly picture: Picture;
  readonly texts: readonly string[];
  /** The place of its text in `texts`. */
  readonly text: number;
}
