export * from './actor.js';
export { appendAudit } from './append-audit.js';
export type { AuditHead, AuditVerdict } from './audit-chain.js';
export * from './export-audit.js';
export * from './list-audit.js';
export { recordSettings } from './record-settings.js';
export * from './verify-audit.js';
