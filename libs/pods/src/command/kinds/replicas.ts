import { z } from 'zod';
import { commandKind } from '../command-kind.js';

const aReplica = z.object({ replica: z.string().min(1).max(300) });
const nothing = z.object({});
const target = ({ replica }: z.output<typeof aReplica>, pod: string) => ({
  kind: 'replica',
  id: `${pod}/${replica}`,
  name: replica,
});

/** No new batches go to the replica; it finishes what it holds and ends. The last one of a model that serves stays. */
export const drainReplica = commandKind({ kind: 'replica.drain', arguments: aReplica, answer: nothing, target });

/** A fresh replica takes the place of another, and is ready before that goes. */
export const restartReplica = commandKind({ kind: 'replica.restart', arguments: aReplica, answer: nothing, target });

/** What is wanted and was taken out of service by hand is started again. */
export const restoreReplicas = commandKind({
  kind: 'replica.restore',
  arguments: nothing,
  answer: nothing,
  target: (_, pod) => ({ kind: 'pod', id: pod, name: pod }),
});
