export type * from './document-request.js';
export { DocumentService, type DocumentServiceParts } from './document.service.js';
