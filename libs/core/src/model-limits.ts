/**
 * Bounds of what a deployment may be asked to serve. Settings, the admin API and the use case share them. They are far
 * beyond what one machine holds, and small enough to plan all steps at once.
 */
export const MODEL_LIMITS = {
  /** Models that are served at a time. */
  modelsMax: 64,
  /** Characters of a model's name. */
  nameLengthMax: 200,
  /** Processes of one model. */
  replicasMax: 256,
  /** Devices that the replicas of one model go round. */
  devicesMax: 64,
  /** Items of one run. */
  batchItemsMax: 1024,
  /** Characters of the note that says why a state was asked for. */
  noteLengthMax: 500,
} as const;
