import type { Lengths, Modality } from './cases.js';

/**
 * `session`: `session.run` on tensors made before. `decoded`: the same from image files, each decoded and scaled by
 * sharp for every run, as a script would do it. `in process`: our libs/clip, tokenizing or decoding included.
 */
export type BareLoop = 'session' | 'decoded' | 'in process';

/** What the process of the bare loop is told to do. */
export interface BareOrder {
  /** The model's folder. */
  readonly folder: string;
  readonly loop: BareLoop;
  readonly modality: Modality;
  readonly lengths: Lengths;
  readonly batch: number;
  /**
   * Whether onnxruntime's threads wait by spinning, which is its default: mostly faster, but on cores that decoding
   * needs too.
   */
  readonly spins: boolean;
  /** Where it runs; on the CPU when left out. */
  readonly place?: { readonly device: string; readonly computeCapability: string | undefined };
  readonly runMs: number;
}

export interface BareResult {
  readonly itemsPerSecond: number;
  /** Of one run. */
  readonly p50Ms: number;
}
