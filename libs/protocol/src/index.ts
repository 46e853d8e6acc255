export type { Credentials, GatePorts, GuardPort } from './access/access-ports.js';
export { Gate } from './access/gate.js';
export { Activity } from './activity.js';
export { createInferenceServer, type InferenceServer, type ServerOptions } from './create-server.js';
export { ProtocolServices, type ProtocolLimits, type RequestOutcome } from './protocol-services.js';
