import { z } from 'zod';

const bytes = z.number().nullable();
const text = z.string().nullable();

/** What a pod can run models on. */
export const devicesPart = z.object({
  cpu: z.object({ cores: z.number(), memoryTotalBytes: z.number(), memoryFreeBytes: z.number() }),
  cards: z.array(z.object({ device: text, name: text, memoryTotalBytes: bytes, memoryFreeBytes: bytes })),
  note: text,
});

export type DevicesPart = z.output<typeof devicesPart>;
