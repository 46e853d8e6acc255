/** What of ONNX Runtime works on a card. */
export type GpuProviderName = 'cuda' | 'tensorrt';

/** A card of this machine, counted from 0 among the GPUs that the process sees, and what works on it. */
export interface GpuProvider {
  readonly name: GpuProviderName;
  readonly deviceId: number;
}

/** Where a model runs. */
export type Provider = 'cpu' | GpuProvider;
