export type { ClipModel, ClipModelOptions, PreparedBatch } from './clip-model.js';
export { IMAGE_LIMITS_DEFAULT, type ImageLimits } from './image/image-limits.js';
export { readModelInfo } from './model-files.js';
export { pixelsFromArray } from './tensor/pixels-from-array.js';
export type { Encoded } from './session/encoded.js';
export type { Provider } from './session/open-session.js';
export { openClipModel } from './open-clip-model.js';
export { cosine, rankScores, type Score, softmax } from './similarity.js';
