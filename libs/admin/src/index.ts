export { OfferedSignOn, type AdminServices } from './admin-services.js';
export * from './create-admin-server.js';
