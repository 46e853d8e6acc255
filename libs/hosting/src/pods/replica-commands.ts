import { drainReplica, restartReplica, restoreReplicas, type CommandFollower } from '#pods';
import type { ServedModels } from '../models/served-models.js';

/** Lets this process do what it is asked to do with its replicas. */
export function handleReplicaCommands(follower: CommandFollower, models: ServedModels): void {
  follower.handle(drainReplica, async ({ replica }) => {
    await models.drainReplica(replica);
    return {};
  });
  follower.handle(restartReplica, async ({ replica }) => {
    await models.restartReplica(replica);
    return {};
  });
  follower.handle(restoreReplicas, async () => {
    models.restore();
    return {};
  });
}
