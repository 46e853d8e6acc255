export { appendAudit, type Actor, type AuditTarget } from './append-audit.js';
export { auditTermsSchema, type AuditTerm } from './audit-terms.js';
export type { AuditHead, AuditVerdict } from './audit-chain.js';
export { exportAudit, type AuditSpan } from './export-audit.js';
export * from './list-audit.js';
export { recordSettings } from './record-settings.js';
export * from './verify-audit.js';
