import { z } from 'zod';

const count = z.number();
const text = z.string();
const known = count.nullable();

/** A batch that a replica has, or had. */
const heldBatch = z.object({
  tower: text,
  items: count,
  itemsMax: count,
  reason: text,
  attempt: count,
  /** How long it had it when this was reported, in milliseconds. */
  ageMs: count,
});

const pastRun = z.object({
  atMs: count,
  tower: text,
  items: count,
  itemsMax: known,
  /** Why it left the queue when it did. */
  reason: text.nullable(),
  failed: count,
  queueMs: known,
  prepareMs: known,
  runMs: known,
  /** The replica died with it. */
  isLost: z.boolean(),
  /** What `/api/batches/{id}` finds it by; null where its trace is not kept. */
  batchId: text.nullable(),
});

const line = z.object({ atMs: count, level: z.enum(['info', 'warn', 'error']), text });

const replica = z.object({
  name: text,
  device: text,
  state: z.enum(['starting', 'ready', 'restarting', 'failed', 'stopping', 'stopped']),
  reason: text.nullable(),
  sinceMs: count,
  rssBytes: known,
  restarts: count,
  itemsInFlight: count,
  held: z.array(heldBatch),
  /** The newest first. */
  runs: z.array(pastRun),
  lines: z.array(line),
});

const waitingOf = z.object({ principalId: text, items: count, requests: count, oldestAgeMs: count });

const queue = z.object({
  items: count,
  requests: count,
  bytes: count,
  oldestAgeMs: count,
  interactive: count,
  bulk: count,
  /** Those with the most items, the most first. */
  byPrincipal: z.array(waitingOf),
  /** Items younger than 10 ms, 100 ms, 1 s, 10 s, and older ones. */
  ages: z.array(count),
  isPartial: z.boolean(),
});

/** The models that a pod serves, the default one first. */
export const poolsPart = z.array(
  z.object({
    model: text,
    isDefault: z.boolean(),
    /** Out of service, finishing what it has. */
    isLeaving: z.boolean(),
    batchItemsMax: count.nullable(),
    rssBytesMax: known,
    queue,
    replicas: z.array(replica),
  }),
);

export type PoolsPart = z.output<typeof poolsPart>;
export type PoolPart = PoolsPart[number];
export type ReplicaPart = PoolPart['replicas'][number];
