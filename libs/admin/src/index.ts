export { ChangeFeed } from './changes/change-feed.js';
export {
  OfferedSignOn,
  type InferenceFacts,
  type InferenceTarget,
  type ReplayCalls,
} from './services/admin-services.js';
export * from './server/create-admin-server.js';
