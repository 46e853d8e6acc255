export type { GatePorts, GuardPort } from './access/access-ports.js';
export { Gate } from './access/gate.js';
export { Activity } from './activity.js';
export { createInferenceServer, type InferenceServer } from './create-server.js';
export { ProtocolServices } from './protocol-services.js';
