export * from './back-up.js';
export * from './change-counter.js';
export * from './database.js';
export * from './entities/index.js';
export type { DatabaseOptions } from './location.js';
export * from './row-lock.js';
export * from './schema-commands.js';
