import { drainReplica, restartReplica, restoreReplicas, type CommandFollower } from '#pods';
import type { ServedModels } from '../models/served-models.js';

/**
 * Lets this process do what it is asked to do with its replicas. `report` is called before the answer, so that whoever
 * asked sees what has become of it.
 */
export function handleReplicaCommands(
  follower: CommandFollower,
  models: ServedModels,
  report: () => Promise<void>,
): void {
  follower.handle(drainReplica, async ({ replica }) => {
    await models.drainReplica(replica);
    await report();
    return {};
  });
  follower.handle(restartReplica, async ({ replica }) => {
    await models.restartReplica(replica);
    await report();
    return {};
  });
  follower.handle(restoreReplicas, async () => {
    models.restore();
    return {};
  });
}
