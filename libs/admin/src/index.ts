export { ChangeFeed } from './changes/change-feed.js';
export { OfferedSignOn, type InferenceFacts } from './services/admin-services.js';
export * from './server/create-admin-server.js';
