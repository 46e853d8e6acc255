export * from './account-services.js';
export * from './accounts/index.js';
export * from './tokens/index.js';
