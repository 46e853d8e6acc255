export type { GatePorts, GuardPort } from './request/access-ports.js';
export { Gate } from './request/gate.js';
export { Activity } from './request/activity.js';
export { createInferenceServer, type InferenceServer } from './server/create-server.js';
export { ProtocolServices } from './request/protocol-services.js';
