export * from './back-up.js';
export * from './change-counter.js';
export * from './database.js';
export * from './entities/index.js';
export type { DatabaseOptions } from './location.js';
export { beginningWith, containing } from './like.js';
export { forUpdate } from './locks.js';
export * from './schema-commands.js';
