import type { BatchReason, Priority, Tower } from '#core';
import type { ItemQueue } from '../scheduling/queue.js';
import type { Replica } from '../replica/replica.js';
import type { ReplicaSnapshot } from '../replica/replica-listener.js';

/** A batch that a replica holds and has not answered. */
export interface HeldBatch {
  readonly tower: Tower;
  readonly items: number;
  readonly itemsMax: number;
  readonly reason: BatchReason;
  /** 1, and one more after each replica that died with it. */
  readonly attempt: number;
  /** How long ago it left the queue, in milliseconds. */
  readonly ageMs: number;
}

/** What waits of one principal. */
export interface WaitingOf {
  readonly principalId: string;
  readonly items: number;
  readonly requests: number;
  readonly oldestAgeMs: number;
}

/** What waits for a model, by whom and for how long. */
export interface QueueDetail {
  /** Those with the most items first. */
  readonly byPrincipal: readonly WaitingOf[];
  readonly byPriority: Readonly<Record<Priority, number>>;
  /** Items by their age: one count for each of `QUEUE_AGES_MS`, and one for what is older. */
  readonly ages: readonly number[];
  /** Whether more waits than was counted. */
  readonly isPartial: boolean;
}

/** A replica with what it holds. */
export interface ReplicaDetail extends ReplicaSnapshot {
  readonly held: readonly HeldBatch[];
}

/** Bounds of ages in milliseconds, each not included. */
const QUEUE_AGES_MS = [10, 100, 1_000, 10_000] as const;

/** Calls that are counted, 2 ms of work at most; beyond it the count is partial. */
const CALLS_MAX = 20_000;
const PRINCIPALS_MAX = 50;
const HELD_MAX = 8;

/** Counts what waits. It costs a look at each waiting call, so it is not for every request. */
export function queueDetail(queue: ItemQueue, nowMs: number): QueueDetail {
  const principals = new Map<string, { items: number; requests: number; oldestAgeMs: number }>();
  const byPriority: Record<Priority, number> = { interactive: 0, bulk: 0 };
  const ages = Array.from({ length: QUEUE_AGES_MS.length + 1 }, () => 0);
  let counted = 0;
  for (const { submission, items } of queue.pending()) {
    if (counted >= CALLS_MAX) break;
    counted += 1;
    const ageMs = nowMs - (submission.items[0]?.enqueuedAtMs ?? nowMs);
    const of = principals.get(submission.principalId) ?? { items: 0, requests: 0, oldestAgeMs: 0 };
    of.items += items;
    of.requests += 1;
    of.oldestAgeMs = Math.max(of.oldestAgeMs, ageMs);
    principals.set(submission.principalId, of);
    byPriority[submission.priority] += items;
    const bucket = QUEUE_AGES_MS.findIndex((boundMs) => ageMs < boundMs);
    const at = bucket < 0 ? QUEUE_AGES_MS.length : bucket;
    ages[at] = (ages[at] ?? 0) + items;
  }
  const byPrincipal = [...principals].map(([principalId, of]) => ({ principalId, ...of }));
  byPrincipal.sort((a, b) => b.items - a.items);
  return { byPrincipal: byPrincipal.slice(0, PRINCIPALS_MAX), byPriority, ages, isPartial: counted >= CALLS_MAX };
}

/** A replica, and the batches that it holds, oldest first. */
export function replicaDetail(replica: Replica, nowMs: number): ReplicaDetail {
  const held = replica.held.all().slice(0, HELD_MAX);
  return {
    ...replica.snapshot(),
    held: held.map(({ tower, items, itemsMax, reason, deaths, dequeuedAtMs }) => ({
      ...{ tower, items: items.length, itemsMax, reason, attempt: deaths + 1, ageMs: nowMs - dequeuedAtMs },
    })),
  };
}
