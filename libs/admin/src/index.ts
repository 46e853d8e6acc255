export { ChangeFeed } from './changes/change-feed.js';
export { OfferedSignOn, type InferenceFacts, type InferenceTarget } from './services/admin-services.js';
export * from './server/create-admin-server.js';
