import { z } from 'zod';

/** The settings that the process was started with. */
export const settingsPart = z.object({
  /** Equal where all values are equal. */
  fingerprint: z.string(),
  /** What does not have its default, by name; `(set)` for a secret, null for what is unset. */
  changed: z.record(z.string(), z.string().nullable()),
});
