export * from './accounts/index.js';
export * from './tokens/index.js';
