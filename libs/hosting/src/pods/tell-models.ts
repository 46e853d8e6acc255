import type { Settings } from '#config';
import { systemClock } from '#core';
import { Verifications, type ModelStore, type Pulls } from '#models';
import { cancelPull, pullModel, verifyModel } from '#pods';
import type { ModelLogLines } from '../models/model-log-lines.js';
import type { ServedModels } from '../models/served-models.js';
import { ModelFilesReport } from './model-files-part.js';
import { modelsPart } from './models-part.js';
import type { Pods } from './pods.js';

/** What a pod tells of models, and does with their files. */
export interface TellModelsParts {
  readonly settings: Pick<Settings, 'modelDir'>;
  readonly models: ServedModels;
  readonly lines: ModelLogLines;
  readonly store: ModelStore;
  readonly pulls: Pulls;
}

/**
 * Has a pod tell which models it serves, what their replicas do, and which files it has, and download and verify files
 * when it is asked to.
 */
export function tellModels(pods: Pods, { settings, models, lines, store, pulls }: TellModelsParts): void {
  const clock = systemClock;
  pods.serve(models);
  const verifications = new Verifications({ store, clock });
  const files = new ModelFilesReport({ store, modelDir: settings.modelDir, pulls, verifications, clock });
  pods.reporter.tell('models', () => modelsPart(models, lines));
  pods.reporter.tell('modelFiles', () => files.part());
  pods.follower.handle(pullModel, ({ model }) => pulls.start(model));
  pods.follower.handle(cancelPull, ({ model }) => Promise.resolve(pulls.cancel(model)));
  pods.follower.handle(verifyModel, async ({ model }) => {
    const { problems, ...verification } = await verifications.start(model);
    return { ...verification, problems: [...problems] };
  });
}
