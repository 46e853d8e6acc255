import type { PodView as Pod, PoolPart, ReplicaPart } from '#pods';
import type { PodView } from './pod.dto.js';
import type { PodPoolView, PodQueueView, PodReplicaView, WaitingView } from './pool.dto.js';

/** Who looks at pods. */
export interface PodReader {
  /** Whether it may see whose work waits. */
  readonly seesAll: boolean;
  /** Names of the tokens that it may see, by their ids. */
  readonly names: ReadonlyMap<string, string>;
  /** Reasons and log lines of replicas may name paths of the machine. */
  readonly seesReasons: boolean;
}

/** A pod as `reader` may see it. */
export function podView({ name, host, version, roles, report, ...pod }: Pod, reader: PodReader): PodView {
  const { startedAtMs, reportedAtMs, answers, reason, leftOut } = pod;
  const { process, pools, devices } = report;
  return {
    ...{ name, host, version, roles: [...roles], startedAtMs, reportedAtMs, answers, reason, leftOut: [...leftOut] },
    process: process
      ? {
          ...{ state: process.state, reason: process.reason, rssBytes: process.rssBytes },
          eventLoopDelayMsMax: process.eventLoopDelayMsMax,
        }
      : null,
    pools: pools ? pools.map((pool) => poolView(pool, reader)) : null,
    devices: devices ?? null,
  };
}

function poolView({ queue, replicas, ...pool }: PoolPart, reader: PodReader): PodPoolView {
  return {
    ...pool,
    queue: queueView(queue, reader),
    replicas: replicas.map((replica) => replicaView(replica, reader)),
  };
}

function replicaView({ reason, lines, ...replica }: ReplicaPart, { seesReasons }: PodReader): PodReplicaView {
  return { ...replica, reason: seesReasons ? reason : null, lines: seesReasons ? lines : [] };
}

function queueView({ byPrincipal, ...queue }: PoolPart['queue'], { seesAll, names }: PodReader): PodQueueView {
  const mayBeSeen = (id: string): boolean => seesAll || names.has(id);
  const seen = byPrincipal.filter(({ principalId }) => mayBeSeen(principalId));
  const others = byPrincipal.filter(({ principalId }) => !mayBeSeen(principalId));
  const byToken: WaitingView[] = seen.map(({ principalId, ...waiting }) => ({
    ...{ tokenId: principalId, tokenName: names.get(principalId) ?? null },
    ...waiting,
  }));
  return { ...queue, byToken: others.length === 0 ? byToken : [...byToken, together(others)] };
}

function together(others: PoolPart['queue']['byPrincipal']): WaitingView {
  const sum = (of: 'items' | 'requests'): number => others.reduce((all, one) => all + one[of], 0);
  const oldestAgeMs = Math.max(...others.map((one) => one.oldestAgeMs));
  return { tokenId: null, tokenName: null, items: sum('items'), requests: sum('requests'), oldestAgeMs };
}
