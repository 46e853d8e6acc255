export type * from './document-request.js';
export { type DocumentJob, prepareDocumentJob } from './document-job.js';
export { documentTarget } from './document-target.js';
export { DocumentService } from './document.service.js';
