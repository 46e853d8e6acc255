import type { Tower } from '#core';
import type { Line, Rider } from './submission.js';

/** Items of one tower that ride one ONNX run. */
export interface Batch {
  readonly id: number;
  readonly tower: Tower;
  /** `costly`: a replica works on it beside its other batches. */
  readonly line: Line;
  readonly riders: readonly Rider[];
  readonly takenAtMs: number;
  /** How many replicas have died with these items aboard. */
  readonly deaths: number;
}
