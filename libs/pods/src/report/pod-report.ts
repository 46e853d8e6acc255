import { z } from 'zod';
import { parseJson } from '#core';
import { modelFilesPart } from './parts/model-files.js';
import { modelsPart } from './parts/models.js';
import { devicesPart } from './parts/devices.js';
import { poolsPart } from './parts/pools.js';
import { processPart } from './parts/process.js';
import { settingsPart } from './parts/settings.js';
import { waitingPart } from './parts/waiting.js';

/**
 * What a pod says of itself, part by part. A new part is a file in `parts` and a line here; `PodReporter.tell` says
 * where its content comes from.
 */
export const REPORT_PARTS = {
  process: processPart,
  models: modelsPart,
  modelFiles: modelFilesPart,
  pools: poolsPart,
  devices: devicesPart,
  settings: settingsPart,
  waiting: waitingPart,
} as const satisfies Record<string, z.ZodType>;

export type ReportPart = keyof typeof REPORT_PARTS;

/** A part is left out where the pod does not have it: it serves no models, or is of an older version. */
export type PodReport = { readonly [Part in ReportPart]?: z.output<(typeof REPORT_PARTS)[Part]> | undefined };

/** The most characters of a report: it is written every two seconds. */
export const REPORT_CHARS_MAX = 256 * 1024;

/** The stored text of a report. The largest parts of one that is too large are left out, and named. */
export function reportText(report: PodReport): string {
  const parts = Object.entries(report).flatMap(([name, part]) => {
    const text = part === undefined ? undefined : JSON.stringify(part);
    return text === undefined ? [] : [{ name, text }];
  });
  parts.sort((a, b) => a.text.length - b.text.length);
  const leftOut: string[] = [];
  const sizeOf = (): number => parts.reduce((sum, { text }) => sum + text.length, 0);
  while (sizeOf() > REPORT_CHARS_MAX) leftOut.push(parts.pop()?.name ?? '');
  const kept = parts.map(({ name, text }) => `${JSON.stringify(name)}:${text}`);
  return `{${[...kept, `"leftOut":${JSON.stringify(leftOut)}`].join(',')}}`;
}

/** A stored report. A part in a form that this version does not know is left out, as if the pod did not have it. */
export function readReport(text: string): { report: PodReport; leftOut: readonly string[] } {
  const { leftOut = [], ...report } = storedReport.safeParse(parseJson(text)).data ?? {};
  return { report, leftOut };
}

const storedReport = z.object({
  process: processPart.optional().catch(undefined),
  models: modelsPart.optional().catch(undefined),
  modelFiles: modelFilesPart.optional().catch(undefined),
  pools: poolsPart.optional().catch(undefined),
  devices: devicesPart.optional().catch(undefined),
  settings: settingsPart.optional().catch(undefined),
  waiting: waitingPart.optional().catch(undefined),
  leftOut: z.array(z.string()).optional().catch(undefined),
});
