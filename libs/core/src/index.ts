export * from './abort-error.js';
export * from './clock.js';
export * from './document.js';
export * from './domain-error.js';
export * from './error-table.js';
export * from './item.js';
export * from './principal.js';
export * from './usage-limits.js';
