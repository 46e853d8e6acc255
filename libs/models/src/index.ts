export { canonicalName, CATALOGUE, findInCatalogue } from './catalogue/catalogue.js';
export type { CatalogueEntry, Precision } from './catalogue/entry.js';
export { weightBytes } from './catalogue/repository-files.js';
export type { FileProblem } from './cache/manifest.js';
export type { CachedModel } from './cache/model-cache.js';
export { progressReporter } from './progress/progress-reporter.js';
export type { StoreEvent } from './progress/store-events.js';
export { createModelStore, type ModelStoreOptions } from './store/create-model-store.js';
export { ModelStore, type LocalModel } from './store/model-store.js';
