import { runAsReplica } from './replica-main.js';

/**
 * The file that a pool's children run. The model's code is loaded only when its options have come: it is large, and when
 * its native part cannot be loaded here, that is a failed load with a reason, not a silent death.
 */
runAsReplica(async (options) => {
  const { openClipModel } = await import('#clip');
  return openClipModel(options);
});
