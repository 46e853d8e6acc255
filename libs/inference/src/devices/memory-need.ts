/** What CUDA, cuBLAS and cuDNN take for themselves in each process, before any model: 0.3 to 0.6 GB on cards of today. */
const CONTEXT_BYTES = 512 * 2 ** 20;
/** The weights are on the card once; the arena for what runs need grows in steps beside them. */
const WEIGHTS_FACTOR = 1.2;

/**
 * The least memory of a card that a replica needs: 1.2 × its ONNX files + 512 MiB. Large batches, and TensorRT while it builds
 * engines, take more: this finds what cannot work, and does not promise that the rest will.
 */
export function cardBytesNeeded(weightBytes: number): number {
  return Math.ceil(weightBytes * WEIGHTS_FACTOR) + CONTEXT_BYTES;
}
