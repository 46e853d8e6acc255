export * from './desired-model-store.js';
export type { DesiredState } from './desired-state.js';
export * from './model-administration.js';
export * from './model-follower.js';
export type { CatalogueModel } from './catalogue-model.js';
export type { ModelFacts } from './model-facts.js';
export { poolStateOf } from './pool-state.js';
