import type { BenchModel } from '../options.js';
import { HelperProcess } from '../helper-process.js';

/** Which model to load where. */
export interface GoldenOrder {
  readonly folder: string;
  readonly device: string;
  readonly computeCapability: string | undefined;
}

export interface GoldenResult {
  readonly loadMs: number;
  readonly warnings: readonly string[];
  /** The least cosine with the vectors of `golden.json`; undefined without that file. */
  readonly cosineMin: number | undefined;
  readonly items: number;
}

/**
 * Loads a model on a device and says how near it is to its golden vectors. Rejects when it is too far or does not load.
 */
export async function goldenOf(
  { folder }: BenchModel,
  device: string,
  computeCapability: string | undefined,
): Promise<string> {
  await using process = new HelperProcess<GoldenOrder, GoldenResult>('gpu/golden-process.ts');
  const { loadMs, warnings, cosineMin, items } = await process.run({ folder, device, computeCapability });
  const near =
    cosineMin === undefined
      ? 'no golden.json to compare with'
      : `least cosine ${cosineMin.toFixed(6)} of ${items} items`;
  return [`opens in ${(loadMs / 1000).toFixed(1)} s`, near, ...warnings].join('; ');
}
