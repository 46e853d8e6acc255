export * from './admin-services.js';
export * from './create-admin-server.js';
