import type { BenchCase } from './cases.js';

/** What the load generator is told to do. */
export interface LoadOrder {
  readonly port: number;
  readonly benchCase: BenchCase;
  readonly warmUpMs: number;
  readonly runMs: number;
}

/** What it saw between warm-up and end. */
export interface LoadResult {
  /** Of each request that was answered in that time, in milliseconds. */
  readonly latenciesMs: number[];
  readonly elapsedMs: number;
  /** Processor time of the load generator itself. */
  readonly cpuMs: number;
}
