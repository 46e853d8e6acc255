import type { Modality } from './cases.js';

/** What the process of the bare loop is told to do. */
export interface BareOrder {
  /** `onnx`: `session.run` on tensors made before. `model`: our libs/clip in one process, decoding and tokenizing included. */
  readonly loop: 'onnx' | 'model';
  readonly modality: Modality;
  readonly batch: number;
  readonly runMs: number;
}

export interface BareResult {
  readonly itemsPerSecond: number;
}
