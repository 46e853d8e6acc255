import { z } from 'zod';

/** A line about a model's replicas, or that one of them printed. It may name paths of the machine. */
const logLine = z.object({
  atMs: z.number(),
  level: z.enum(['info', 'warn', 'error']),
  replica: z.string().nullable(),
  text: z.string(),
});

const perSecond = z.number().nullable();

/** What the pod serves, and how far it is with the version in force. */
export const modelsPart = z.object({
  state: z.enum(['applied', 'applying', 'failed']),
  /** The version that it follows; null before the first. */
  version: z.number().nullable(),
  /** The step that runs or that failed, in words. */
  step: z.string().nullable(),
  /** Why the step, or its last try, failed. */
  reason: z.string().nullable(),
  /** The model of the step. */
  model: z.string().nullable(),
  /** Since when it is in this state. */
  sinceMs: z.number(),
  /** The last lines about the model whose step failed, the oldest first. */
  lines: z.array(logLine),
  served: z.array(
    z.object({
      name: z.string(),
      isDefault: z.boolean(),
      /** `degraded`: not all replicas serve. */
      state: z.enum(['ready', 'degraded', 'down', 'leaving']),
      replicas: z.number(),
      replicasReady: z.number(),
      /** One a replica. */
      devices: z.array(z.string()),
      /** How much its replicas work off when they are busy; null before it was measured. */
      textsPerSecond: perSecond,
      imagesPerSecond: perSecond,
    }),
  ),
});

export type ModelsPart = z.output<typeof modelsPart>;
