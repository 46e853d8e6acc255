export * from './actor.js';
export { appendAudit } from './append-audit.js';
export { recordSettings } from './record-settings.js';
