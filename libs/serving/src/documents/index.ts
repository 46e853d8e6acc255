export type * from './document-request.js';
export { documentItems } from './document-items.js';
export { documentTarget } from './document-target.js';
export { DocumentService } from './document.service.js';
