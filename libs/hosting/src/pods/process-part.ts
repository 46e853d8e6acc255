import type { ProcessPart } from '#pods';
import type { Operations } from '../operations.js';

/** What a pod tells of its process. */
export function processPart({ progress, readiness, metrics }: Operations): ProcessPart {
  const delay = metrics.eventLoopDelay();
  return {
    ...stateOf(progress.now(), readiness.now()),
    pid: process.pid,
    rssBytes: process.memoryUsage.rss(),
    eventLoopDelayMsMax: delay === undefined ? null : delay.max * 1000,
  };
}

function stateOf(
  startup: ReturnType<Operations['progress']['now']>,
  readiness: ReturnType<Operations['readiness']['now']>,
): Pick<ProcessPart, 'state' | 'reason'> {
  if (!startup.finished) return { state: 'starting', reason: startup.step };
  if (readiness.ready) return { state: 'ready', reason: null };
  const { reason } = readiness;
  return { state: reason === 'shutting down' ? 'stopping' : 'not_ready', reason };
}
