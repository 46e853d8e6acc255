import { z } from 'zod';

/** A download of a model into the pod's cache. */
export const pullReport = z.object({
  model: z.string(),
  state: z.enum(['waiting', 'downloading', 'checking', 'ready', 'failed', 'cancelled']),
  /** What it does, or why it failed and what to do. */
  text: z.string(),
  bytesDone: z.number(),
  bytes: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  /** Somebody asked for it, and can cancel it; else the model is being loaded. */
  isAsked: z.boolean(),
});

export type PullReport = z.output<typeof pullReport>;

/** Whether the files of a model are as they were downloaded. */
export const verificationReport = z.object({
  model: z.string(),
  state: z.enum(['running', 'whole', 'damaged', 'failed']),
  text: z.string(),
  problems: z.array(z.object({ path: z.string(), problem: z.enum(['missing', 'size', 'content']) })),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
});

export type VerificationReport = z.output<typeof verificationReport>;

/** The models whose files are on the pod's machine, and what is done about files. */
export const modelFilesPart = z.object({
  /** At most 200. */
  here: z.array(
    z.object({
      name: z.string(),
      /** `folder`: in CAS_MODEL_DIR; `cache`: downloaded. */
      place: z.enum(['folder', 'cache']),
      bytes: z.number().nullable(),
      dimension: z.number().nullable(),
      imageSize: z.number().nullable(),
      contextLength: z.number().nullable(),
      tokenizer: z.string().nullable(),
    }),
  ),
  pulls: z.array(pullReport),
  verifications: z.array(verificationReport),
});

export type ModelFilesPart = z.output<typeof modelFilesPart>;
