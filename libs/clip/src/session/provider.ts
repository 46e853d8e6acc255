/** What runs a model on a GPU: an execution provider of ONNX Runtime. */
export type GpuProviderName = 'cuda' | 'tensorrt';

/**
 * A GPU of this machine and the provider that runs on it. `deviceId` counts from 0 among the GPUs that the process
 * sees.
 */
export interface GpuProvider {
  readonly name: GpuProviderName;
  readonly deviceId: number;
}

/** Where a model runs. */
export type Provider = 'cpu' | GpuProvider;

/**
 * The CUDA that the GPU providers of onnxruntime-node are built for, 13 since 1.27, and the oldest driver and card for
 * it.
 *
 * - Driver: NVIDIA, CUDA Compatibility, "Minor Version Compatibility", table 1: 580 for CUDA 13.x, 525 for CUDA 12.x.
 *   https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
 * - Card: Turing, compute capability 7.5. CUDA 13.0 dropped Maxwell, Pascal and Volta, as the CUDA Toolkit 12.9 Release
 *   Notes announce under "Deprecated Architectures".
 */
export const CUDA_NEEDS = { cudaMajor: 13, driverMin: 580, computeCapabilityMin: 7.5 } as const;
