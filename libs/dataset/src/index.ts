export type { VectorEncoder } from './encode/vector-encoder.js';
export { openEmbeddedEncoder } from './encode/embedded-encoder.js';
export { openServerEncoder } from './encode/server-encoder.js';
export { DATASET_FORMATS, type DatasetFormat } from './formats/dataset-format.js';
export { type DatasetSource, openSource } from './formats/open-source.js';
export { OUTPUT_FORMATS, type OutputFormat } from './output/part.js';
export type { Progress } from './output/progress-file.js';
export { encodeShard } from './run/encode-shard.js';
export { parseShard, type Shard } from './rows/shard.js';
