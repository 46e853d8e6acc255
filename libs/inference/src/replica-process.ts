import { runAsReplica } from './replica-main.js';

/**
 * The file that a pool's children run. The model's code is loaded only when its options have come: it is large, and when
 * its native part cannot be loaded here, that is a failed load with a reason, not a silent death.
 * A model that does not give its own reference vectors is a failed load too.
 */
runAsReplica(async (options) => {
  const { checkGolden, openClipModel } = await import('#clip');
  const model = await openClipModel(options);
  await checkGolden(model, options.folder);
  return model;
});
