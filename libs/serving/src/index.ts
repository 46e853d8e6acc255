export { EmbeddingCache } from './cache/embedding-cache.js';
export * from './documents/index.js';
export * from './encode-port.js';
export * from './encode.service.js';
export { ImageFetcher, type ImageFetcherOptions } from './fetch/image-fetcher.js';
export * from './models/index.js';
export * from './rank.service.js';
export type { EncodePool, ModelRegistry } from '#inference';
