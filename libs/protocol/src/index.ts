export type { AccessPorts, GuardPort } from './request/access.js';
export { RequestAuthorizer } from './request/authorizer.js';
export { Activity } from './request/activity.js';
export { createInferenceServer, type InferenceServer } from './server/create-server.js';
export { protocolParts, type ProtocolParts } from './request/protocol-parts.js';
