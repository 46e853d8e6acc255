export { modelBroken } from './files/json-fields.js';
export { isInside, type Layout, LAYOUT_FILE, layoutOf, LAYOUTS } from './files/layout.js';
export { readModelInfo } from './files/model-files.js';
export { checkGolden } from './golden/check-golden.js';
export { readGolden } from './golden/golden-file.js';
export { COSTLY_MS, costOf } from './image/cost/decoding-cost.js';
export { IMAGE_LIMITS_DEFAULT, type ImageLimits } from './image/image-limits.js';
export type { ClipModel, ClipModelOptions, PreparedBatch } from './model/clip-model.js';
export { openClipModel } from './model/open-clip-model.js';
export { cosine, rankScores } from './model/similarity.js';
export { sampleItems } from './model/warm-up.js';
export type { Encoded } from './session/encoded.js';
export { CUDA_NEEDS, type GpuProviderName, type Provider } from './session/provider.js';
export {
  driverLibraryProblem,
  libraryProblem,
  inspectProviderLibrary,
  type ProviderLibrary,
} from './session/provider-library.js';
export { pixelsFromArray } from './tensor/pixels-from-array.js';
export { readTokenizerName } from './tokenizer/tokenizer-name.js';
